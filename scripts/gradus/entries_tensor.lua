--- entries_tensor: annotations of what is written in C: making tensors, their methods and fields. Operators have theirs in
--- core/ops.def, and examples in op_examples.lua. There is no code here: docs.lua reads these blocks.

--- Numbers in rows and columns, row by row in memory; f64, or f32. Positions count from 1.
---
---   t[i]  t[{i, j}]  t[i][j]   a number, or a row        t["2:5"]  t[":, 3"]  t["1:100, 2:4"]   ranges, both ends in; t["-1"] the last row
---   t[i] = v   t["2:5"] = v    changes numbers           #t   rows       for i, row in ipairs(t)
---   a + b  a - b  a * b  a / b  a ^ b  -a                element by element, broadcasting; numbers are welcome
---   a == b                     whether shape and all elements agree; a:eq(b) compares element by element
---
--- All operators are methods too: t:sum(1) is gr.sum(t, 1). A number has the same methods: (2.0):exp().
--- Example:
---   local t = gr.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
---   print(t.shape, t[2], t[":, 3"], t * 10)
---@class gradus.Tensor
---@source core/gr.h
---@field shape integer[]      sizes; prints as 2 x 3
---@field dtype string         "f64" or "f32"
---@field size integer         how many numbers there are
---@field name string?         for messages and graphs; may be set
---@field grad any             the gradient that backward has left, or nil; t.grad = nil drops it
---@field wants_grad boolean   whether gradients flow to it: a parameter, or computed from one

--- A tensor of a number, a nested table, or a copy of a tensor.
--- Raises for rows of different lengths and for what is no number, naming the place.
--- Example:
---   local a = gr.tensor { { 1, 2 }, { 3, 4 } }
---   print(a, a.shape, gr.tensor({ 1, 2 }, "f32").dtype)
---@entry gr.tensor
---@source bindings/make.c
---@param value any        number, nested table of numbers (or of tensors: rows), or tensor
---@param dtype? string    "f64" or "f32"; what --f32 says unless given
---@return gradus.Tensor

--- Zeros in the sizes given.
--- Example:
---   print(gr.zeros(2, 3))
---@entry gr.zeros(m, n, ... [, dtype])
---@param ... integer   sizes, or a table of them; a last "f64" or "f32" is the type
---@return gradus.Tensor

--- Ones in the sizes given.
--- Example:
---   print(gr.ones(3), gr.ones({ 2, 2 }, "f32").dtype)
---@entry gr.ones(m, n, ... [, dtype])
---@param ... integer   sizes, or a table of them; a last "f64" or "f32" is the type
---@return gradus.Tensor

--- One value in all places.
--- Example:
---   print(gr.full({ 2, 2 }, 7))
---@entry gr.full
---@param sizes integer[]   as a table, { 2, 3 }
---@param value number
---@param dtype? string
---@return gradus.Tensor

--- The identity matrix: ones on the diagonal.
--- Example:
---   print(gr.eye(3))
---@entry gr.eye
---@param n integer   rows and columns
---@param dtype? string
---@return gradus.Tensor

--- Numbers from `from` in steps, `to` left out, as in NumPy. With one number: from 0 up to it.
--- Example:
---   print(gr.arange(1, 6), gr.arange(0, 1, 0.25), gr.arange(3))
---@entry gr.arange(from, to [, step [, dtype]])
---@param from number
---@param to number      not reached
---@param step? number   1 unless given
---@param dtype? string
---@return gradus.Tensor

--- n numbers at equal distances from `from` to `to`, both ends in.
--- Example:
---   print(gr.linspace(0, 1, 5))
---@entry gr.linspace
---@param from number
---@param to number
---@param n? integer   50 unless given
---@param dtype? string
---@return gradus.Tensor

--- A leaf that collects gradients: y:backward() fills its grad. It shares memory with t: training it changes t, so give it t:clone()
--- where that matters.
--- Example:
---   local w = gr.param({ 1, 2, 3 }, "w")
---   local y = (w * w):sum()
---   y:backward()
---   print(w.grad)
---@entry gr.param
---@source bindings/tensor.c
---@param t any           a tensor, or what gr.tensor takes
---@param name? string    for messages and saved nets
---@return gradus.Tensor

--- The different values, ascending; NaN last, once.
--- Example:
---   print(gr.unique(gr.tensor { 3, 1, 3, 2 }))
---@entry gr.unique
---@param t any
---@return gradus.Tensor

--- Computes the gradients of one number: each parameter that it depends on gets the derivative added to its grad.
--- Raises when the tensor is not one number, or depends on no parameter.
--- Example:
---   local w = gr.param { 2, 3 }
---   local loss = (w ^ 2):sum()
---   loss:backward()
---   print(loss, w.grad)
---@entry tensor:backward()
---@source bindings/tensor.c

--- Sets the gradient to zero, where there is one; backward adds to what is there.
--- Example:
---   local w = gr.param { 2, 3 }
---   w:sum():backward()
---   w:zero_grad()
---   print(w.grad)
---@entry tensor:zero_grad()

--- Adds b to the tensor itself.
--- Example:
---   local t = gr.ones(3)
---   t:add_ { 1, 2, 3 }
---   print(t)
---@entry tensor:add_
---@param b any   a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor   the same

--- Takes b from the tensor itself.
--- Example:
---   local w, dw = gr.tensor { 1, 2 }, gr.tensor { 0.5, 1 }
---   print(w:sub_(dw * 0.1))
---@entry tensor:sub_
---@param b any   a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor   the same

--- Multiplies the tensor itself by b, element by element.
--- Example:
---   print(gr.tensor({ 1, 2, 3 }):mul_(10))
---@entry tensor:mul_
---@param b any   a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor   the same

--- Divides the tensor itself by b, element by element.
--- Example:
---   print(gr.tensor({ 10, 20 }):div_(10))
---@entry tensor:div_
---@param b any   a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor   the same

--- Puts one value in all places; changes a knob.
--- Example:
---   local t = gr.zeros(2, 2)
---   print(t:fill_(7))
---@entry tensor:fill_
---@param value number
---@return gradus.Tensor   the same

--- Copies the values of b into the tensor itself.
--- Example:
---   local t = gr.zeros(2, 3)
---   print(t:copy_ { 1, 2, 3 })
---@entry tensor:copy_
---@param b any   a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor   the same

--- The number of a tensor that holds one, as a Lua number.
--- Raises when it holds more.
--- Example:
---   local w = gr.param { 1, 2 }
---   local loss = w:sum() -- a tensor, for gradients flow to it
---   print(loss:item() == 3)
---@entry tensor:item()
---@return number

--- The numbers as nested Lua tables.
--- Example:
---   local rows = gr.tensor({ { 1, 2 }, { 3, 4 } }):totable()
---   print(rows[2][1])
---@entry tensor:totable()
---@return table

--- Inverse of a square matrix: gr.linalg.inv(t).
--- Example:
---   print(gr.tensor({ { 2, 1 }, { 1, 1 } }):inv())
---@entry tensor:inv()
---@source scripts/gradus/linalg.lua
---@see linalg.inv
---@return gradus.Tensor

--- Determinant of a square matrix: gr.linalg.det(t).
--- Example:
---   print(gr.tensor({ { 2, 1 }, { 1, 3 } }):det())
---@entry tensor:det()
---@see linalg.det
---@return number

--- Pictures that stay bytes until their rows are read: see gr.data.mnist { bytes = true }. All of it as one tensor.
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "wb")
---   f:write("\0\0\8\2", "\0\0\0\2", "\0\0\0\3", "\0\51\102\153\204\255") -- an IDX file: 2 rows of 3 bytes
---   f:close()
---   local x = data.idx(path, { bytes = true })
---   print(x, x:tensor())
---   os.remove(path)
---@entry bytes:tensor()
---@source bindings/bytes.c
---@return gradus.Tensor

--- Rows at the given positions, as a tensor.
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "wb")
---   f:write("\0\0\8\2", "\0\0\0\2", "\0\0\0\3", "\0\51\102\153\204\255")
---   f:close()
---   print(data.idx(path, { bytes = true }):take { 2, 2 })
---   os.remove(path)
---@entry bytes:take
---@param rows any   positions, a list or a tensor
---@return gradus.Tensor

--- Rows at the given positions, still bytes.
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "wb")
---   f:write("\0\0\8\2", "\0\0\0\2", "\0\0\0\3", "\0\51\102\153\204\255")
---   f:close()
---   print(data.idx(path, { bytes = true }):subset { 2 })
---   os.remove(path)
---@entry bytes:subset
---@param rows any   positions, a list or a tensor
---@return gradus.Bytes

--- The same bytes under other sizes, the first of which counts rows; one may be -1.
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "wb")
---   f:write("\0\0\8\2", "\0\0\0\2", "\0\0\0\3", "\0\51\102\153\204\255")
---   f:close()
---   print(data.idx(path, { bytes = true }):reshape(3, 2).shape)
---   os.remove(path)
---@entry bytes:reshape(m, n, ...)
---@param ... integer   sizes
---@return gradus.Bytes

--- A byte set that gives tensors of another type.
--- Example:
---   local path = os.tmpname()
---   local f = io.open(path, "wb")
---   f:write("\0\0\8\2", "\0\0\0\2", "\0\0\0\3", "\0\51\102\153\204\255")
---   f:close()
---   print(data.idx(path, { bytes = true }):to("f32")[1].dtype)
---   os.remove(path)
---@entry bytes:to
---@param dtype string   "f64" or "f32"
---@return gradus.Bytes
