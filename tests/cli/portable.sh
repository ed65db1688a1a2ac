# Portable mode: the same bits whatever OpenBLAS, the C library and threads make of the machine.

given portable.lua <<'END'
-- One number out of all bits: of everything that portable mode promises, layers in training included.
local gr = require "gradus"
local nn = gr.nn
local hash = 0
local function add(v)
  for _, x in ipairs(type(v) == "number" and { v } or v:flatten():to("f64"):totable()) do
    hash = (hash ~ string.unpack("<i8", string.pack("<d", x))) * 0x100000001b3
    hash = hash ~ hash >> 29
  end
end

for i = 1, 500 do
  local x = i / 37
  for _, name in ipairs { "exp", "log", "sin", "cos", "tan", "atan" } do add(math[name](x)) end
  add(math.asin(1 / x / 40)) add(math.acos(1 / x / 40)) add(math.log(x, 10)) add(math.log(x, 2)) add(math.log(x, 3)) add(x ^ 1.37)
end
add(load "return 2.1 ^ 0.3 + 1.1 ^ -7.7"())

gr.random.seed(5)
local x = gr.random.randn(37, 41)
for _, name in ipairs { "exp", "tanh", "sigmoid", "softplus", "gelu", "sin", "cos", "softmax", "elu" } do add(gr[name](x)) end
add((x * x):log()) add(x:abs() ^ 0.7) add(x:std()) add(x:sum(1))
for _, s in ipairs { { 1, 900, 1 }, { 1, 65, 33 }, { 33, 65, 1 }, { 9, 7, 5 }, { 67, 129, 61 }, { 201, 333, 97 } } do
  local a, b = gr.random.randn(s[1], s[2]), gr.random.randn(s[2], s[3])
  add(a:dot(b)) add(b:T():dot(a:T()))
end
for _, n in ipairs { 2, 9, 33, 120 } do
  local a = gr.random.randn(n, n)
  local q, r = gr.linalg.qr(a)
  add(q) add(r) add(a:inv()) add(gr.linalg.solve(a, gr.random.randn(n, 3))) add(a:det()) add(gr.linalg.norm(a))
end

local function train(net, input, optimizer)
  local labels = gr.random.randint(0, 3, 60)
  net:fit(input, labels, { loss = nn.cross_entropy(), optimizer = optimizer, batch = 16, epochs = 2 })
  for _, p in ipairs(net:parameters()) do add(p) end
end
train(nn.sequential {
  nn.conv2d(2, 4, 3, { padding = 1 }), nn.batch_norm(4), nn.relu(), nn.max_pool2d(2), nn.flatten(), nn.dropout(0.2),
  nn.dense(4 * 6 * 6, 30), nn.gelu(), nn.dense(30, 3),
}, gr.random.randn(60, 2, 12, 12), gr.optim.adam { lr = 0.01, clip_norm = 1 })
train(nn.sequential { nn.lstm(5, 8), nn.flatten(), nn.layer_norm(56), nn.dense(56, 3) }, gr.random.randn(60, 7, 5),
  gr.optim.sgd { lr = 0.1, momentum = 0.9 })
print(("%016x"):format(hash))
END

# From gcc 12 on a Xeon with AVX-512; clang and arm64 are compared in tests/portable.
f64=4d6302345a756487
f32=6dd86933cf5c61a5

# same_bits NAME VARIABLES ARGS...: under such an environment
same_bits() {
  start "$1" || return 0
  settings=$2
  shift 2
  # shellcheck disable=SC2086
  env $settings $limit "$program" --portable "$@" portable.lua </dev/null >"$top/out" 2>"$top/err"
  status=$?
  ended 0
}

for core in Haswell SkylakeX Zen Prescott; do
  same_bits "portable bits depend on OpenBLAS's kernel $core" OPENBLAS_CORETYPE=$core
  out $f64
done
same_bits 'portable bits depend on threads' OPENBLAS_CORETYPE=Haswell --threads 2
out $f64
same_bits 'portable bits of f32 depend on threads' OPENBLAS_CORETYPE=SkylakeX --f32 --threads 2
out $f32
same_bits 'portable bits of f32 depend on the kernel' OPENBLAS_CORETYPE=Prescott --f32
out $f32
# The first is glibc's spelling up to 2.32, the second that since; what the C library does not know it passes over.
for without in -AVX2_Usable,-FMA_Usable,-AVX512F_Usable -AVX2,-FMA,-FMA4,-AVX512F; do
  same_bits "portable bits depend on the C library's kernels ($without)" GLIBC_TUNABLES=glibc.cpu.hwcaps=$without
  out $f64
done

try 'what LAPACK alone gives is not refused in portable mode' 1 --portable -e 'gr.linalg.svd(gr.eye(2))'
err '(command line):1: svd: its result comes from LAPACK and would have other bits on another machine, so --portable excludes it: inv, solve, det, slogdet, lu, qr and norm are available; leave --portable out for the rest'
for function in pinv rank cond cholesky eig eigh; do
  try "$function is not refused in portable mode" 1 --portable -e "gr.linalg.$function(gr.eye(2))"
  err_has "$function: its result comes from LAPACK"
done
try 'lstsq is not refused in portable mode' 1 --portable -e 'gr.linalg.lstsq(gr.eye(2), gr.ones(2))'
err_has 'lstsq: its result comes from LAPACK'

try 'a singular matrix is not explained in portable mode' 1 --portable -e 'gr.tensor({ { 1, 2 }, { 2, 4 } }):inv()'
err_has 'is singular: row 2 = 2 row 1; rank 1'
try 'a large singular matrix is not told in portable mode' 1 --portable -e 'gr.zeros(40, 40):inv()'
err_has 'is singular: elimination ends in a zero pivot'
try 'a nearly singular matrix passes in silence in portable mode' 0 --portable -e 'gr.random.seed(1)
  local a = gr.random.randn(100, 100) a[100] = a[99] + 1e-14 * gr.random.randn(100) gr.linalg.solve(a, gr.ones(100))'
err_has 'is nearly singular: rcond '

try 'version does not tell the mode' 0 --portable version
out_has 'portable mode'
try 'the mode is told where it is not set' 0 version
out_lacks 'portable'
try 'a script cannot ask for the mode' 0 --portable -e 'print(require("gradus.core").settings.portable)'
out true
try 'portable mode is on unasked' 0 -e 'print(require("gradus.core").settings.portable)'
out false

# The C library's pow is right to 0.52 of the last place, ours to 0.81: among so many they differ, if each is the one that it should be.
try 'x ^ y outside of portable mode is not that of the C library' 0 -e 'local n = 0
  for i = 1, 20000 do if (1 + i / 9000) ^ 1.7 ~= (gr.tensor { 1 + i / 9000 } ^ 1.7)[1] then n = n + 1 end end print(n)'
out 0
