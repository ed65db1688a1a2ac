-- Minors without the signs of cofactors; elimination that never exchanges rows and never looks whether a pivot is 0.
local gr = require "gradus"
local numbers = require "numbers"

inverse = {}
for i = 1, 3 do
  inverse[i] = {}
  for j = 1, 3 do
    local left = {}
    for r = 1, 3 do
      for c = 1, 3 do
        if r ~= j and c ~= i then table.insert(left, numbers.q1.A[r][c]) end
      end
    end
    inverse[i][j] = (left[1] * left[4] - left[2] * left[3]) / numbers.q1.A:det()
  end
end

function gauss_jordan(A, k)
  local t = {}
  for i, row in ipairs(A) do
    t[i] = { table.unpack(row) }
    for j = 1, #A do
      t[i][#A + j] = i == j and 1 or 0
    end
  end
  for c = 1, k do
    local pivot = t[c][c]
    for j = 1, #t[c] do
      t[c][j] = t[c][j] / pivot
    end
    for i = 1, #t do
      if i ~= c then
        local times = t[i][c]
        for j = 1, #t[i] do
          t[i][j] = t[i][j] - times * t[c][j]
        end
      end
    end
  end
  return t
end

function inverse_of(A)
  local t = gauss_jordan(A, #A)
  for i = 1, #A do
    t[i] = { table.unpack(t[i], #A + 1, 2 * #A) }
  end
  return t
end

prices = gr.linalg.solve(numbers.q3.receipts, numbers.q3.totals):totable()

function residual(A, x, b) return (A:dot(x) - b):abs():max() end

explanation =
  "영수증 두 장이 거의 같으면 조건수가 커서 합계는 맞아도 가격은 크게 틀릴 수 있다. 그래서 잔차만 보면 안 된다고 생각합니다."
