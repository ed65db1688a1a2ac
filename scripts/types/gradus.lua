---@meta gradus
-- luacheck: ignore
-- Made by `make types` from the annotations in scripts/gradus and the rows of core/ops.def: change those.

---@alias gradus.Rate number|gradus.Schedule|fun(epoch: integer): number

---@class gradus.AssignmentOptions
---@field name string  a word, also of the draws: who changes it changes all numbers
---@field title? string  (the name)
---@field text? string  ("") Markdown, in front of the questions
---@field file? string  ("answer.lua") what students hand in
---@field seconds? number  (10) how long it may run
---@field memory? number  (512) MB that it may take
---@field reference? string ("reference.lua") the solution
---@field visible? string  ("visible.lua") the checks that students see
---@field starter? string  ("starter") a folder of files that students begin with
---@field questions table[] a list of them

---@class gradus.BackpropOptions
---@field of string  the name of an object in the answer file, as gr.check.backprop takes it, or of a function that makes one
---@field args? any  of that function, a list or a function of the numbers
---@field at any  the point, or a function of the numbers that gives it: { params = { W1 = ..., b1 = ... }, x = ..., y = ... }; in place of y a layer has dout; a loss has no params, and x are the scores
---@field f? function  of (params, x, y): the loss as it should be; of a layer, what its forward should give. Without it the reference solution says so, which a visible check has not
---@field doctor? table  options of gr.check.backprop: loss (a name), labels, returns, error, forward, backward, training, lr
---@field h? number  (1e-5) step of the differences
---@field tolerance? number (1e-5) times the larger of 1 and the expected number
---@field reason? string  why that tolerance, in words for the student
---@field points? number  (1) each right gradient gives its share of them
---@field title? string  what it says of itself
---@field hint? any  for who fails: a text, or a function of (numbers, value); without it the name of the mistake

---@class gradus.BarOptions
---@field labels? string[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.BoundaryOptions
---@field classes? any
---@field grid? integer
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.ConfusionOptions
---@field classes? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.ContourOptions
---@field grid? integer
---@field levels? integer
---@field path? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.CurvesOptions
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.FitOptions
---@field loss any  nn.mse() and the like, or a function of (scores, targets)
---@field optimizer gradus.Optimizer  gr.optim.sgd { lr = 0.1 } and its kin
---@field epochs? integer  how long; or
---@field steps? integer  how many updates
---@field batch? integer  (all rows) rows a step
---@field shuffle? string|boolean  "permutation", as it is for smaller batches; "choice": each drawn with replacement; false: file order
---@field generator? any  (fit's own stream) what shuffling draws from, such as gr.random
---@field validation? table  { x, y }: adds history.val_loss and so on
---@field metrics? string[]  of "accuracy", "mse", "mae", "r2": adds history.accuracy, history.val_accuracy and so on
---@field on_epoch? function  called with e.epoch, e.loss, ... after each epoch; returning false stops
---@field on_step? function  called with s.step, s.loss after each step; returning false stops
---@field patience? integer  epochs without a smaller loss (the validation's, if given) before it stops with the best weights
---@field progress? boolean  (true) a line on the terminal
---@field replay? boolean  (true) computes a step once and runs it again in C for the batches that follow

---@class gradus.GradientOptions
---@field of string  the name of the function that gives the gradient
---@field f any  the name of the function in the answer file whose gradient it is, or a function of one's own
---@field at any  the arguments of both, a list or a function of the numbers
---@field wrt? integer  (1) which of them the gradient belongs to: a tensor of at most 200 elements, or a number
---@field h? number  (1e-5) step of the differences
---@field tolerance? number (1e-6) times the larger of 1 and the difference
---@field reason? string  why that tolerance, in words for the student
---@field points? number  (1)
---@field title? string  what it says of itself
---@field hint? any  for who fails: a text, or a function of (numbers, value)

---@class gradus.GraphOptions
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.HeatmapOptions
---@field colour? string
---@field hi? number
---@field lo? number
---@field values? boolean
---@field xlabels? string[]
---@field ylabels? string[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.HistOptions
---@field bins? integer
---@field density? boolean
---@field range? number[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.ImageOptions
---@field colour? string
---@field hi? number
---@field lo? number
---@field scale? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.ImagesOptions
---@field captions? string[]
---@field colour? string
---@field columns? integer
---@field hi? number
---@field lo? number
---@field size? integer[]
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.LineOptions
---@field dashed? any
---@field marks? boolean
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.QuiverOptions
---@field scale? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.ScatterOptions
---@field classes? any
---@field fit? boolean
---@field line? any
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.SurfaceOptions
---@field grid? integer
---@field title? string
---@field xlabel? string
---@field ylabel? string
---@field legend? string[]
---@field xlim? number[]
---@field ylim? number[]
---@field xticks? any[]
---@field yticks? any[]

---@class gradus.TrainsOptions
---@field of string  the name of a function in the answer file
---@field from? any  starting weights, or a function of the numbers: `of` is then one step, called `steps` times as of(weights, args...), and gives the new weights; without it `of` is called once, with `steps` as its last argument
---@field args? any  a list or a function of the numbers
---@field steps integer  the budget
---@field figure function  of (numbers, what came back as plain numbers and lists)
---@field at_most? number  the figure may not be above it
---@field at_least? number  nor below this
---@field points? number  (1)
---@field title? string  what it says of itself
---@field hint? any  for who fails: a text, or a function of (numbers, value)

---@class gradus.ValueOptions
---@field of string  the name in the answer file
---@field args? any  of the function, a list or a function of the numbers; none: it is no function
---@field expected? any  a value, or a function of (numbers, reference); without it what the reference solution answers
---@field tolerance? number (1e-9) times the larger of 1 and the expected number
---@field reason? string  why that tolerance, in words for the student
---@field partial? boolean  (false) points for the entries that are right
---@field points? number  (1)
---@field title? string  what it says of itself
---@field hint? any  for who fails: a text, or a function of (numbers, value)

--- What gr.check.backprop found; printed, it is a page. A finding's `mistake` is nil when it is none of the known ones;
--- `others` are mistakes that would give the same numbers; `message` is the error that the student's code raised.
---@class gradus.BackpropReport
---@field ok boolean  whether there is nothing to find
---@field kind string  what the student was taken for: network, layer or loss
---@field findings table[]  { gradient, gradients, mistake, others, advice, worst = { place, got, expected, m }, explained, message }
local BackpropReport = {}

--- Pixels as the file holds them, a byte each, for data sets that would fill the memory as numbers. Rows are numbers
--- when they are read, to the bit those that the tensor would hold: x[5], x["1:100"] and x:take(rows) give tensors, and
--- x:tensor() all of it. A net's fit, predict, score and scores take a byte set for x, split keeps it one, kfold and
--- batches know it; x:subset(rows), x:reshape(m, n, ...) and x:to("f32") are byte sets too. There is no arithmetic on
--- it.
---@class gradus.Bytes
---@field shape integer[]
---@field dtype string  type of the tensors that it gives
---@field size integer
---@field scale number  what each byte is divided by
local Bytes = {}

--- The same bytes under other sizes, the first of which counts rows; one may be -1.
---@param ... integer  sizes
---@return gradus.Bytes
function Bytes:reshape(...) end

--- Rows at the given positions, still bytes.
---@param rows any  positions, a list or a tensor
---@return gradus.Bytes
function Bytes:subset(rows) end

--- Rows at the given positions, as a tensor.
---@param rows any  positions, a list or a tensor
---@return gradus.Tensor
function Bytes:take(rows) end

--- Pictures that stay bytes until their rows are read: see gr.data.mnist { bytes = true }. All of it as one tensor.
---@return gradus.Tensor
function Bytes:tensor() end

--- A byte set that gives tensors of another type.
---@param dtype string  "f64" or "f32"
---@return gradus.Bytes
function Bytes:to(dtype) end

--- What `draw` in a question of gr.assignment is given. Equal questions get different numbers that are equally hard.
---@class gradus.Draw
local Draw = {}

--- A whole number lo, lo + 1, ..., hi; each is equally likely.
---@param lo integer
---@param hi integer
---@return integer
function Draw:whole(lo, hi) end

--- A seed for gr.random.seed or another generator.
---@return integer
function Draw:seed() end

--- A number lo <= x <= hi with so many decimals, as a price has two.
---@param lo number
---@param hi number
---@param places? integer  decimals, 2 unless given
---@return number
function Draw:decimal(lo, hi, places) end

--- One of a list.
---@param list any[]
---@return any
function Draw:choose(list) end

--- Starting weights from a normal distribution around 0, rounded to `places` decimals, so that they can be written
--- down.
--- Options: std (1): standard deviation; places (4)
---@param sizes integer[]  { rows, columns }, or { n } for a vector
---@param given? { std?: number, places?: integer }
---@return gradus.Tensor
function Draw:weights(sizes, given) end

--- A matrix of small whole numbers with an inverse of whole numbers (determinant 1 or -1) and a condition number from
--- 2/3 to 3/2 of the one that is asked for; each row and column has two entries or more other than zero. Elimination by
--- hand meets whole numbers only and needs no exchange of rows. Of size 2 there are few: students will share them.
--- Options: size (3): rows; condition (10): largest singular value through the smallest; largest (9): no entry is
--- further from 0
--- Raises when there seems to be no such matrix.
--- Of size 3, conditions from 8 to 60 are easily found.
---@param given? { size?: integer, condition?: number, largest?: integer }
---@return gradus.Tensor
function Draw:matrix(given) end

--- A system A x = b of such a matrix, whose solution is of whole numbers other than 0. The solution is not given away.
--- Options: size (3): unknowns; condition (10); largest (9): no entry of A or x is further from 0
---@param given? { size?: integer, condition?: number, largest?: integer }
---@return { A: gradus.Tensor, b: gradus.Tensor }
function Draw:system(given) end

--- Positions of some of n rows, sorted: other rows of the same data for each student, each label in its share.
--- Options: labels: of all rows, a tensor or a list; without them all rows are alike
---@param n integer  rows that there are
---@param count integer  rows that are wanted
---@param given? { labels?: any }
---@return integer[]
function Draw:rows(n, count, given) end

--- Positions for training and for testing, sorted, each label in its share.
--- Options: test (0.2): the part for testing, or how many rows; labels: of all rows, a tensor or a list
---@param n integer  rows
---@param given? { test?: number, labels?: any }
---@return { train: integer[], test: integer[] }
function Draw:split(n, given) end

--- A picture as data: what the functions of gr.plot give. Printed, it is a sentence; at the prompt it draws itself.
---@class gradus.Figure
---@field kind string
---@field title string?
---@field layers table[]
---@field panels gradus.Figure[]?
local Figure = {}

--- The figure's numbers and texts as JSON; "nan" stands for what is not a finite number.
---@return string
function Figure:data() end

--- Writes the figure to a file; the ending says how: .svg and .pdf stay sharp at any size, .png has pixels, .json is
--- the data alone. The file is there whole or, after a failure, as it was before. The same figure gives the same bytes,
--- by one version of gnuplot.
--- Raises for another ending; where the file cannot be written; and without gnuplot (for graph: without dot and
--- gnuplot), after the figure's data has been written to NAME.data.json; for a figure that a script has changed so that
--- it is none.
---@param path string
function Figure:save(path) end

--- Draws the figure in the terminal: in pixels where that can, else in letters, as wide as it is.
function Figure:show() end

--- A fraction of whole numbers of any length, as gr.lab.fraction gives it: + - * / and comparisons lose nothing.
---@class gradus.Fraction
local Fraction = {}

--- The nearest number.
---@return number
function Fraction:item() end

--- A generator of random numbers, as gr.random.new and gr.random.python give it, with the methods that gr.random has as
--- functions.
---@class gradus.Generator
local Generator = {}

--- Draws k of the positions 1..n, or of the rows of a tensor; without k, one.
--- Options: replace (true): a position may be drawn again; p: the chances of the positions, which sum to 1
---@param n any  a count, or a tensor or list to draw rows of
---@param k? integer
---@param given? { replace?: boolean, p?: any }
---@return any
function Generator:choice(n, k, given) end

--- Normal numbers; without sizes one number.
---@param mean? number  0 unless given
---@param std? number  standard deviation, 1 unless given
---@param ... integer  sizes
---@return gradus.Tensor
function Generator:normal(mean, std, ...) end

--- The positions 1..n in random order, or the rows of a tensor so. Positions are NumPy's plus 1.
---@param n any  a count, or a tensor
---@return gradus.Tensor
function Generator:permutation(n) end

--- Numbers spread evenly from 0 to below 1; without sizes one number.
---@param ... integer  sizes
---@return gradus.Tensor
function Generator:rand(...) end

--- Whole numbers from lo to hi - 1, as in NumPy; without sizes one number.
---@param lo integer
---@param hi integer  not drawn
---@param ... integer  sizes
---@return gradus.Tensor
function Generator:randint(lo, hi, ...) end

--- Standard normal numbers; without sizes one number.
---@param ... integer  sizes
---@return gradus.Tensor
function Generator:randn(...) end

--- Starts the stream again from n, and the library's own streams with it.
---@param n integer  0 .. 4294967295
function Generator:seed(n) end

--- Goes on from where state() was called.
--- Raises for what is no state of such a generator.
---@param state string
function Generator:set_state(state) end

--- Puts a vector, the rows of a tensor, or a list into random order, in place.
---@param t any
---@return any # the same
function Generator:shuffle(t) end

--- Where the generator stands, as a string for set_state.
---@return string
function Generator:state() end

--- Numbers spread evenly from lo to below hi; without sizes one number.
---@param lo? number  0 unless given
---@param hi? number  1 unless given
---@param ... integer  sizes
---@return gradus.Tensor
function Generator:uniform(lo, hi, ...) end

--- What gr.check.gradients found; printed, it is a sentence.
---@class gradus.GradientCheck
---@field ok boolean  whether error is within the tolerance
---@field error number  largest |analytic - numeric| / max(1, |analytic|, |numeric|)
---@field worst { name: string, position: integer, analytic: number, numeric: number }
local GradientCheck = {}

--- What fit has seen, epoch by epoch. Metrics and the validation's are lists too: history.accuracy,
--- history.val_accuracy.
---@class gradus.History
---@field loss number[]  mean over the samples of each epoch, each before its update
---@field val_loss number[]?  loss on the validation data after each epoch
---@field steps integer  updates made
---@field stopped string?  why it ended early: "asked to", "patience", "interrupted" (by Ctrl-C), "an error"
local History = {}

--- Loss by epoch, and loss on the validation data where there was some, as a figure. A second figure has the metrics
--- that fit was asked for, if any.
---   history:plot():save "loss.svg"
---   local losses, accuracies = history:plot { title = "fashion" }
--- Options, for both: title, xlabel, ylabel, legend, xlim, ylim, xticks, yticks.
---@param given? gradus.CurvesOptions
---@return gradus.Figure, gradus.Figure?
function History:plot(given) end

--- What layers and nets have in common. layer(x) computes; parameters and states are fields by their names: layer.w,
--- and assigning copies the values.
---@class gradus.Layer
---@field kind string
---@field name string?
---@field params table[]  parameters, each named
---@field state table[]  tensors that training changes by other means than gradients: running means, counters
---@field layers table  layers, nets and functions inside
---@field args table?  with what nn[kind] makes such a layer again
---@field training boolean  how dropout and batch_norm behave: true until eval() is called
---@operator call(any): any
local Layer = {}

--- Parameters and state take on another type of number, "f64" or "f32", rounded; their gradients go. What counts stays
--- f64.
---@param dtype string
---@return gradus.Layer
function Layer:to(dtype) end

--- All parameters, in order, those of layers inside too. One that stands in two places counts once.
---@return table[]
function Layer:parameters() end

--- All state that training changes by other means than gradients (running means, counters), in order.
---@return table[]
function Layer:states() end

--- From now on dropout drops and batch_norm goes by the batch; also in the layers inside. A layer starts so.
---@param on? boolean  false: as eval()
function Layer:train(on) end

--- From now on dropout does nothing and batch_norm goes by its running means; also in the layers inside.
function Layer:eval() end

--- Writes parameters and states to a safetensors file, with what nn.load needs to make the net again. NumPy and PyTorch
--- read such files too; an old file stays as it is if that fails.
---@param path string
function Layer:save(path) end

--- Fills parameters and states from a file that a net of the same make has saved: for nets that hold functions of a
--- script. Raises, and changes nothing, when names, shapes or types do not agree.
---@param path string
function Layer:load(path) end

--- A loss as nn's makers give it: loss(scores, targets) is one number, a tensor that gradients flow from.
---@class gradus.Loss
---@field name string
---@field task string?  what the scores mean: "classes", "binary" or "values"; nil when the targets decide
---@operator call(any): gradus.Tensor
local Loss = {}

--- Layers one after the other, as nn.sequential and nn.load give them: net(x) runs x through them all. A net is a layer
--- too.
---@class gradus.Net: gradus.Layer
---@field task string?  what scores mean, when fit has not said: "classes", "binary" or "values"
---@field history gradus.History?  of the last fit, also of one that goes on or was stopped
---@operator call(any): any
local Net = {}

--- Trains the net: goes through the rows of x and y in batches, and after each changes the parameters by the gradients
--- of the loss.
--- Raises for an unknown option, rows that do not match, a loss that is not finite, and whatever net and loss refuse.
---@param x any  inputs, a row each
---@param y any  targets, a row (or label) each
---@param given gradus.FitOptions
---@return gradus.History
function Net:fit(x, y, given) end

--- What the net gives for x, without recording, and as eval() has it. A byte set goes through it in pieces.
---@param x any  tensor or byte set
function Net:scores(x) end

--- Class labels (counting from 0) for each row of x; for a regression, the predicted values.
---@param x any  (m, inputs)
---@return any # (m)
function Net:predict(x) end

--- Accuracy of the predictions on x against labels or one-hot y; for a regression, R squared.
---@param x any
---@param y any
---@return number
function Net:score(x, y) end

--- Prints the layers with their parameters, and how many numbers there are to learn.
function Net:summary() end

--- An optimiser: changes the parameters that it was given by their gradients. `lr` may be set at any time.
---@class gradus.Optimizer
---@field name string
---@field lr gradus.Rate  rate of a step; may be set between steps
---@field epoch integer  which a schedule sees, from 1; fit sets it
local Optimizer = {}

--- Takes charge of a list of parameters; those that it has already stay single.
---@param params table[]
---@return gradus.Optimizer
function Optimizer:add(params) end

--- The rate of this epoch.
---@return number
function Optimizer:rate() end

--- Sets all gradients to zero.
function Optimizer:zero_grad() end

--- Changes all parameters by their gradients, in one go. With clip_norm the gradients themselves are scaled.
function Optimizer:step() end

--- Tells the loss of the epoch that has ended, for a schedule that goes by it (plateau). fit does it by itself.
---@param loss number
function Optimizer:tell(loss) end

--- All that steps to come depend on, besides the parameters and the settings: numbers, and copies of tensors, by name:
--- epoch, parameters (how many), "1.mean" and so on for each parameter, "schedule.best" and so on for a plateau.
---@return table<string, any>
function Optimizer:state() end

--- Goes on from where state() was called, to the bit: the parameters were added first, in the same order. Raises, and
--- changes nothing, when the state is of another optimiser, of other parameters or shapes.
---@param state table<string, any>
---@return gradus.Optimizer
function Optimizer:set_state(state) end

--- A run: its settings are its fields.
---@class gradus.Run
---@field records table[]  what log was given, in order
---@field results table  what result was given
---@field figures table  what plot was given, by name
---@field out string  the folder for pictures; "": none is written
local Run = {}

--- Adds a record: figures of an epoch, say.
---@param record table
function Run:log(record) end

--- States what came out, by name.
---@param results table
function Run:result(results) end

--- Keeps a picture by its name: in the record of the run, and with --out=DIR as DIR/NAME.svg; the folder is made.
--- Raises for names that are none of a file, for what is no figure, and when the file cannot be written.
---@param name string  letters of any alphabet, digits, spaces, - and _
---@param figure gradus.Figure  what a function of gr.plot gives
function Run:plot(name, figure) end

--- Keeps a tensor (NAME.npy), a net or a table of tensors (NAME.safetensors) in the record of the run; without a record
--- nothing is written. The same name once more takes the place of the first.
--- Raises for names that are none of a file, and when the file cannot be written.
---@param name string  letters of any alphabet, digits, spaces, - and _
---@param value any  a tensor, a net, or { name = tensor }
function Run:save(name, value) end

--- Keeps where the training stands, so that `gradus FILE.lua --resume RUN` goes on from here to the same bits. In fit's
--- on_epoch the file is written when on_epoch has returned; in a loop by hand, before which run:restore stands, it is
--- the last call of an epoch. Kept are the net, the optimiser, gr.random, the library's own streams, math.random and
--- fit's history. Without a record nothing is written.
--- Options: every (1): only each so many epochs; epoch: its number, in a loop by hand (the last that run:log had);
--- generators: those of the script's own; state: a table of numbers, texts and tables of them, for run:state()
---@param net gradus.Layer
---@param optimizer? gradus.Optimizer
---@param given? { every?: integer, epoch?: integer, generators?: table, state?: table }
function Run:checkpoint(net, optimizer, given) end

--- In a loop by hand: the number of epochs that are done, 0 in a run that begins; after --resume those of the
--- checkpoint, whose state net, optimiser and generators then have.
---@param net gradus.Layer
---@param optimizer? gradus.Optimizer
---@param given? { generators?: table }
---@return integer
function Run:restore(net, optimizer, given) end

--- What run:checkpoint was given as state, in a run that goes on; nil in one that begins.
---@return table?
function Run:state() end

--- A rate that changes: schedule(epoch) is the rate of that epoch, from 1. It stands for an optimiser's lr.
---@class gradus.Schedule
---@field name string
---@operator call(integer): number
local Schedule = {}

--- Hears the loss of an epoch that has ended. Only plateau listens.
---@param epoch integer
---@param loss number
function Schedule:tell(epoch, loss) end

--- What it remembers from epoch to epoch, by name.
---@return table<string, number>
function Schedule:state() end

--- Goes on from what state() gave; the caller has checked that names and kinds are the same.
---@param state table<string, number>
function Schedule:set_state(state) end

--- Numbers in rows and columns, row by row in memory; f64, or f32. Positions count from 1.
---   t[i]  t[{i, j}]  t[i][j]   a number, or a row        t["2:5"]  t[":, 3"]  t["1:100, 2:4"]   ranges, both ends in; t["-1"] the last row
---   t[i] = v   t["2:5"] = v    changes numbers           #t   rows       for i, row in ipairs(t)
---   a + b  a - b  a * b  a / b  a ^ b  -a                element by element, broadcasting; numbers are welcome
---   a == b                     whether shape and all elements agree; a:eq(b) compares element by element
--- All operators are methods too: t:sum(1) is gr.sum(t, 1). A number has the same methods: (2.0):exp().
---@class gradus.Tensor
---@field shape integer[]  sizes; prints as 2 x 3
---@field dtype string  "f64" or "f32"
---@field size integer  how many numbers there are
---@field name string?  for messages and graphs; may be set
---@field grad any  the gradient that backward has left, or nil; t.grad = nil drops it
---@field wants_grad boolean  whether gradients flow to it: a parameter, or computed from one
---@operator add(any): gradus.Tensor
---@operator sub(any): gradus.Tensor
---@operator mul(any): gradus.Tensor
---@operator div(any): gradus.Tensor
---@operator pow(any): gradus.Tensor
---@operator unm: gradus.Tensor
local Tensor = {}

--- Sum, element by element. Written a + b.
--- Formula: y = a + b
--- Gradient: da += dy, db += dy
---@param b any
---@return gradus.Tensor
function Tensor:add(b) end

--- Difference, element by element. Written a - b.
--- Formula: y = a - b
--- Gradient: da += dy, db -= dy
---@param b any
---@return gradus.Tensor
function Tensor:sub(b) end

--- Product, element by element. Written a * b; for matrix products see dot.
--- Formula: y = a b
--- Gradient: da += dy b, db += dy a
---@param b any
---@return gradus.Tensor
function Tensor:mul(b) end

--- Quotient, element by element. Written a / b.
--- Formula: y = a / b
--- Gradient: da += dy / b, db -= dy y / b
---@param b any
---@return gradus.Tensor
function Tensor:div(b) end

--- Power, element by element. Written a ^ b. Where a is 0 or less, b gets no gradient.
--- Formula: y = a^b
--- Gradient: da += dy b a^(b-1), db += dy y ln a
---@param b any
---@return gradus.Tensor
function Tensor:pow(b) end

--- The larger of two, element by element; NaN if either is.
--- Formula: y = max(a, b)
--- Gradient: the larger gets dy; both half of it when equal
---@param b any
---@return gradus.Tensor
function Tensor:maximum(b) end

--- The smaller of two, element by element; NaN if either is.
--- Formula: y = min(a, b)
--- Gradient: the smaller gets dy; both half of it when equal
---@param b any
---@return gradus.Tensor
function Tensor:minimum(b) end

--- Less than, element by element.
--- Formula: y = 1 where a < b, else 0
---@param b any
---@return gradus.Tensor
function Tensor:lt(b) end

--- Less or equal, element by element.
--- Formula: y = 1 where a <= b, else 0
---@param b any
---@return gradus.Tensor
function Tensor:le(b) end

--- Greater than, element by element.
--- Formula: y = 1 where a > b, else 0
---@param b any
---@return gradus.Tensor
function Tensor:gt(b) end

--- Greater or equal, element by element.
--- Formula: y = 1 where a >= b, else 0
---@param b any
---@return gradus.Tensor
function Tensor:ge(b) end

--- Equal, element by element (a == b compares whole tensors).
--- Formula: y = 1 where a = b, else 0
---@param b any
---@return gradus.Tensor
function Tensor:eq(b) end

--- Different, element by element.
--- Formula: y = 1 where a is not b, else 0
---@param b any
---@return gradus.Tensor
function Tensor:ne(b) end

--- Opposite. Written -x.
--- Formula: y = -x
--- Gradient: dx -= dy
---@return gradus.Tensor
function Tensor:neg() end

--- Exponential. Overflows to infinity above 709.78 (f64), 88.7 (f32).
--- Formula: y = e^x
--- Gradient: dx += dy y
---@return gradus.Tensor
function Tensor:exp() end

--- Natural logarithm. -inf at 0, NaN below.
--- Formula: y = ln x
--- Gradient: dx += dy / x
---@return gradus.Tensor
function Tensor:log() end

--- Square root. NaN below 0.
--- Formula: y = sqrt(x)
--- Gradient: dx += dy / (2 y)
---@return gradus.Tensor
function Tensor:sqrt() end

--- Absolute value. Its gradient at 0 is taken as 0.
--- Formula: y = |x|
--- Gradient: dx += dy sign(x)
---@return gradus.Tensor
function Tensor:abs() end

--- Sign.
--- Formula: y = -1, 0 or 1
--- Gradient: 0
---@return gradus.Tensor
function Tensor:sign() end

--- Rounded down, as in NumPy: floor of -0.5 is -1. (x + 0.5):floor() rounds to the nearest.
--- Formula: y = the largest whole number up to x
--- Gradient: 0
---@return gradus.Tensor
function Tensor:floor() end

--- Sine of radians.
--- Formula: y = sin x
--- Gradient: dx += dy cos x
---@return gradus.Tensor
function Tensor:sin() end

--- Cosine of radians.
--- Formula: y = cos x
--- Gradient: dx -= dy sin x
---@return gradus.Tensor
function Tensor:cos() end

--- Hyperbolic tangent.
--- Formula: y = tanh x
--- Gradient: dx += dy (1 - y^2)
---@return gradus.Tensor
function Tensor:tanh() end

--- Logistic function. Saturates to 0 and 1 without overflow.
--- Formula: y = 1 / (1 + e^-x)
--- Gradient: dx += dy y (1 - y)
---@return gradus.Tensor
function Tensor:sigmoid() end

--- Rectifier (Nair & Hinton 2010). Its gradient at 0 is taken as 0.
--- Formula: y = max(x, 0)
--- Gradient: dx += dy where x > 0
---@return gradus.Tensor
function Tensor:relu() end

--- Rectifier that leaks (Maas, Hannun & Ng 2013): slope is 0.01 unless given. Its gradient at 0 is taken as slope.
--- Formula: y = x where x > 0, else slope x
--- Gradient: dx += dy where x > 0, else slope dy
---@param slope? number
---@return gradus.Tensor
function Tensor:leaky_relu(slope) end

--- Exponential linear unit (Clevert, Unterthiner & Hochreiter 2016): goes to -alpha, which is 1 unless given.
--- Formula: y = x where x > 0, else alpha (e^x - 1)
--- Gradient: dx += dy where x > 0, else dy alpha e^x
---@param alpha? number
---@return gradus.Tensor
function Tensor:elu(alpha) end

--- Gaussian error linear unit (Hendrycks & Gimpel 2016), exact. 0 at -inf.
--- Formula: y = x P(x), P(x) = (1 + erf(x / sqrt 2)) / 2
--- Gradient: dx += dy (P(x) + x e^(-x^2 / 2) / sqrt(2 pi))
---@return gradus.Tensor
function Tensor:gelu() end

--- Smooth rectifier (Dugas et al. 2001), without overflow.
--- Formula: y = ln(1 + e^x)
--- Gradient: dx += dy / (1 + e^-x)
---@return gradus.Tensor
function Tensor:softplus() end

--- Values held between lo and hi; nil leaves a side open.
--- Formula: y = min(max(x, lo), hi)
--- Gradient: dx += dy where lo <= x <= hi
---@param lo? number
---@param hi? number
---@return gradus.Tensor
function Tensor:clip(lo, hi) end

--- Softmax of each row (of a vector: of the whole).
--- Formula: y_j = e^(x_j - m) / sum_k e^(x_k - m), m = max x
--- Gradient: dx_j += y_j (dy_j - sum_k dy_k y_k)
---@return gradus.Tensor
function Tensor:softmax() end

--- Cross entropy of softmax(x), from scores x (m, k) and targets t: labels 0..k-1 (m), or one-hot or probabilities (m,
--- k).
--- Formula: y = mean over rows of ln sum_k e^(x_k - x_t)
--- Gradient: dx += dy (softmax(x) - t) / m, dt += dy (ln sum_k e^x_k - x) / m where t is (m, k)
---@param t any
---@return gradus.Tensor
function Tensor:softmax_cross_entropy(t) end

--- Binary cross entropy of sigmoid(x), from scores x and targets t in 0..1 of the same shape: sum over outputs, mean
--- over rows.
--- Formula: y = sum of max(x, 0) - x t + ln(1 + e^-|x|), divided by the rows m
--- Gradient: dx += dy (sigmoid(x) - t) / m, dt -= dy x / m
---@param t any
---@return gradus.Tensor
function Tensor:logistic_loss(t) end

--- Binary cross entropy from probabilities x, with targets t in 0..1 of the same shape: sum over outputs, mean over
--- rows. Ends are held as in PyTorch.
--- Formula: y = -sum of t L(x) + (1 - t) L(1 - x), divided by the rows m, L(p) = max(ln p, -100)
--- Gradient: dx += dy (x - t) / max(x (1 - x), 1e-12) / m, dt += dy (L(1 - x) - L(x)) / m
---@param t any
---@return gradus.Tensor
function Tensor:binary_cross_entropy(t) end

--- Negative log likelihood from probabilities x (m, k) and targets t: labels 0..k-1 (m), or one-hot or probabilities
--- (m, k).
--- Formula: y = -mean over rows of L(x_t), L(p) = max(ln p, -100)
--- Gradient: dx_t -= dy / max(x_t, 1e-12) / m, dt -= dy L(x) / m where t is (m, k)
---@param t any
---@return gradus.Tensor
function Tensor:nll(t) end

--- Sum over an axis, or of everything.
--- Formula: y = sum of x, pairwise as NumPy does
--- Gradient: dx += dy
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:sum(axis, keep) end

--- Mean over an axis, or of everything.
--- Formula: y = sum of x / n
--- Gradient: dx += dy / n
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:mean(axis, keep) end

--- Variance, divided by n.
--- Formula: y = sum of (x - mean)^2 / n
--- Gradient: dx += dy 2 (x - mean) / n
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:var(axis, keep) end

--- Standard deviation, divided by n.
--- Formula: y = sqrt(sum of (x - mean)^2 / n)
--- Gradient: dx += dy (x - mean) / (n y), 0 where y is 0
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:std(axis, keep) end

--- Median over an axis, or of everything.
--- Formula: y = the middle value, or the mean of the two
--- Gradient: the middle values get dy, or half of it each
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:median(axis, keep) end

--- Smallest value over an axis, or of everything; NaN if there is one.
--- Formula: y = min x
--- Gradient: the first smallest gets dy
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:min(axis, keep) end

--- Largest value over an axis, or of everything; NaN if there is one.
--- Formula: y = max x
--- Gradient: the first largest gets dy
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:max(axis, keep) end

--- Position, from 1, of the first smallest value.
--- Formula: y = position of min x
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:argmin(axis, keep) end

--- Position, from 1, of the first largest value.
--- Formula: y = position of max x
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function Tensor:argmax(axis, keep) end

--- Matrix product; of two vectors the inner product. a:T():dot(b) does not copy a.
--- Formula: y = a b
--- Gradient: da += dy b^T, db += a^T dy
---@param b any
---@return gradus.Tensor
function Tensor:dot(b) end

--- Matrix product plus a vector added to each row: a fully connected layer.
--- Formula: y = x w + b
--- Gradient: dx += dy w^T, dw += x^T dy, db += column sums of dy
---@param w any
---@param b any
---@return gradus.Tensor
function Tensor:affine(w, b) end

--- Transposed matrix; a vector stays as it is. Reads x when it is used, so it follows changes of x.
--- Formula: y_ij = x_ji
--- Gradient: dx += dy^T
---@return gradus.Tensor
function Tensor:T() end

--- Recurrent layer (Elman 1990) over sequences: all its states.
--- Formula: y = tanh(x w + h u + b)
--- Gradient: through time: dz = (dy + what the next step sends) (1 - y^2), dx += dz w^T, dw += x^T dz, du += h^T dz, db
--- += dz
---@param w any
---@param u any
---@param b any
---@return gradus.Tensor
function Tensor:rnn(w, u, b) end

--- Recurrent layer of rectifiers (Le, Jaitly & Hinton 2015) over sequences: all its states.
--- Formula: y = max(x w + h u + b, 0)
--- Gradient: as for rnn, with dz = dy + what the next step sends where y > 0
---@param w any
---@param u any
---@param b any
---@return gradus.Tensor
function Tensor:rnn_relu(w, u, b) end

--- Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over sequences: all
--- its states. Gates in the order i f g o.
--- Formula: i, f, o = s(x w_i + h u_i + b_i), ..., g = tanh(x w_g + h u_g + b_g), c = f c_before + i g, y = o tanh(c)
--- Gradient: through time, as for rnn, and along c by f
---@param w any
---@param u any
---@param b any
---@return gradus.Tensor
function Tensor:lstm(w, u, b) end

--- Gated recurrent unit (Cho et al. 2014, in the form that resets after the product) over sequences: all its states.
--- Gates in the order r z n.
--- Formula: r, z = s(x w_r + h u_r + b_r), ..., n = tanh(x w_n + b_n + r (h u_n + c)), y = (1 - z) n + z h
--- Gradient: through time, as for rnn, and along y by z; dc += the sum of dn r
---@param w any
---@param u any
---@param b any
---@param c any
---@return gradus.Tensor
function Tensor:gru(w, u, b, c) end

--- The same elements in row order under other sizes, one of which may be -1. Shares memory with x.
--- Formula: y = x, in other sizes
--- Gradient: dx += dy
---@param sizes integer...  one after the other or in a table
---@return gradus.Tensor
function Tensor:reshape(sizes) end

--- All elements in row order, copied; reshape(-1) shares memory with x instead.
--- Formula: y = x as a vector
--- Gradient: dx += dy
---@return gradus.Tensor
function Tensor:flatten() end

--- Rows (of a vector: elements) at the given positions, which count from 1 and may repeat.
--- Formula: y_i = x_rows(i)
--- Gradient: dx_rows(i) += dy_i
---@param rows any
---@return gradus.Tensor
function Tensor:take(rows) end

--- Tensors joined along an axis (the first, unless given).
--- Formula: y = the x one after the other
--- Gradient: each dx += its part of dy
---@param ... any
---@return gradus.Tensor
function Tensor:concat(...) end

--- f32 or f64. Written x:to("f32").
--- Formula: y = x, in another type
--- Gradient: dx += dy
---@param dtype? string  "f64" or "f32"
---@return gradus.Tensor
function Tensor:to(dtype) end

--- The same values on the same memory, without x's history: no gradient flows through.
--- Formula: y = x
---@return gradus.Tensor
function Tensor:detach() end

--- A copy on memory of its own.
--- Formula: y = x
--- Gradient: dx += dy
---@return gradus.Tensor
function Tensor:clone() end

--- The rows of w (count, size) that the whole numbers in x ask for, which count from 0, as labels do, and may repeat.
--- Formula: y_i = w_x(i)
--- Gradient: dw_x(i) += dy_i
---@param x any
---@return gradus.Tensor
function Tensor:embedding(x) end

--- Inverted dropout (Srivastava et al. 2014, section 10): p is 0.5 unless given. draws holds the key of a stream of
--- masks and how many were drawn: each call draws the next, and counts.
--- Formula: y = x s, s = 0 with probability p, else 1 / (1 - p)
--- Gradient: dx += dy s
---@param draws any
---@param p? number
---@return gradus.Tensor
function Tensor:dropout(draws, p) end

--- Batch normalisation in training (Ioffe & Szegedy 2015, algorithm 1): features are on the second axis; momentum is
--- 0.1 and eps 1e-5 unless given. Moves running_mean and running_var by momentum towards the batch's mean and variance
--- (divided by n - 1).
--- Formula: y = gamma x^ + beta, x^ = (x - mean) / sqrt(var + eps), mean and var of each feature
--- Gradient: with s = gamma / sqrt(var + eps): dx += s (dy - mean dy - x^ mean(dy x^)), dgamma += sum dy x^, dbeta +=
--- sum dy
---@param gamma any
---@param beta any
---@param running_mean any
---@param running_var any
---@param momentum? number
---@param eps? number
---@return gradus.Tensor
function Tensor:batch_norm(gamma, beta, running_mean, running_var, momentum, eps) end

--- Batch normalisation after training, by the running mean and variance, which get no gradient (Ioffe & Szegedy 2015,
--- algorithm 2).
--- Formula: y = gamma x^ + beta, x^ = (x - running_mean) / sqrt(running_var + eps)
--- Gradient: dx += dy gamma / sqrt(running_var + eps), dgamma += sum dy x^, dbeta += sum dy
---@param gamma any
---@param beta any
---@param running_mean any
---@param running_var any
---@param eps? number
---@return gradus.Tensor
function Tensor:batch_norm_eval(gamma, beta, running_mean, running_var, eps) end

--- Layer normalisation over the last axis (Ba, Kiros & Hinton 2016, eq. 4); eps is 1e-5 unless given.
--- Formula: y = gamma x^ + beta, x^ = (x - mean) / sqrt(var + eps), mean and var of each row
--- Gradient: with g = dy gamma: dx += (g - mean g - x^ mean(g x^)) / sqrt(var + eps), dgamma += sum dy x^, dbeta += sum
--- dy
---@param gamma any
---@param beta any
---@param eps? number
---@return gradus.Tensor
function Tensor:layer_norm(gamma, beta, eps) end

--- Convolution of images x (batch, c, h, w) with w (out, c, kh, kw), plus b (out): as every library has it, w is not
--- turned round (LeCun et al. 1998; Dumoulin & Visin 2016).
--- Formula: y_oij = b_o + sum_cuv w_ocuv x_c(i s + u - p)(j s + v - p)
--- Gradient: dw_ocuv += sum_ij dy_oij x_c(i s + u - p)(j s + v - p), db_o += sum_ij dy_oij, dx_c(i s + u - p)(j s + v -
--- p) += sum_o w_ocuv dy_oij
---@param w any
---@param b any
---@param stride? integer|integer[]  a number or {down, across}
---@param padding? integer|integer[]  a number or {down, across}
---@return gradus.Tensor
function Tensor:conv2d(w, b, stride, padding) end

--- The largest pixel of each window, channel by channel; NaN if there is one.
--- Formula: y_cij = max_uv x_c(i s + u - p)(j s + v - p), inside the image
--- Gradient: the first largest of each window gets dy
---@param kernel? integer|integer[]  a number or {down, across}
---@param stride? integer|integer[]  a number or {down, across}
---@param padding? integer|integer[]  a number or {down, across}
---@return gradus.Tensor
function Tensor:max_pool2d(kernel, stride, padding) end

--- The mean of each window, channel by channel; zeros of the padding count.
--- Formula: y_cij = sum_uv x_c(i s + u - p)(j s + v - p) / (kh kw)
--- Gradient: dx += dy / (kh kw) in each window
---@param kernel? integer|integer[]  a number or {down, across}
---@param stride? integer|integer[]  a number or {down, across}
---@param padding? integer|integer[]  a number or {down, across}
---@return gradus.Tensor
function Tensor:avg_pool2d(kernel, stride, padding) end

--- The different values, ascending; NaN last, once.
---@param t any
---@return gradus.Tensor
function Tensor:unique(t) end

--- Adds b to the tensor itself.
---@param b any  a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor # the same
function Tensor:add_(b) end

--- Computes the gradients of one number: each parameter that it depends on gets the derivative added to its grad.
--- Raises when the tensor is not one number, or depends on no parameter.
function Tensor:backward() end

--- Copies the values of b into the tensor itself.
---@param b any  a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor # the same
function Tensor:copy_(b) end

--- Determinant of a square matrix: gr.linalg.det(t).
---@return number
function Tensor:det() end

--- Divides the tensor itself by b, element by element.
---@param b any  a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor # the same
function Tensor:div_(b) end

--- Puts one value in all places; changes a knob.
---@param value number
---@return gradus.Tensor # the same
function Tensor:fill_(value) end

--- Inverse of a square matrix: gr.linalg.inv(t).
---@return gradus.Tensor
function Tensor:inv() end

--- The number of a tensor that holds one, as a Lua number.
--- Raises when it holds more.
---@return number
function Tensor:item() end

--- Multiplies the tensor itself by b, element by element.
---@param b any  a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor # the same
function Tensor:mul_(b) end

--- Takes b from the tensor itself.
---@param b any  a number, or a tensor that broadcasts to the shape
---@return gradus.Tensor # the same
function Tensor:sub_(b) end

--- The numbers as nested Lua tables.
---@return table
function Tensor:totable() end

--- Sets the gradient to zero, where there is one; backward adds to what is there.
function Tensor:zero_grad() end

--- What gr.lab.inverse and gr.lab.solve give; printed, it is the whole page. Tensors have A's type. A field without a
--- value is nil: exact, inverse, x and difference for a singular A; lapack, residual, rcond and difference where LAPACK
--- refuses.
---@class gradus.Work
---@field exact table  fractions: rows of the inverse; x as a list, or as rows when b is a matrix
---@field inverse any  of inverse: the exact one, rounded
---@field x any  of solve: the exact one, rounded
---@field lapack any  LAPACK's answer
---@field difference number  largest |exact - LAPACK|
---@field residual number  largest |A X - I| or |A x - b| of LAPACK's answer
---@field refused string  why LAPACK gave none
---@field det_exact any  determinant, a fraction
---@field det number  LAPACK's
---@field rcond number  reciprocal condition number; gr.linalg warns where it is below 2.2e-16
---@field singular boolean
---@field rank integer
---@field dependence string[]  "row 3 = 2 row 1 + row 2", when singular
---@field solutions number  of solve: 1, 0, or math.huge
---@field contradictions table[] of solve, when singular: { row =, column = of b, value = }: rows that read 0 = value
---@field particular table  of solve, when they are infinitely many: one, in the form of exact
---@field null_space table  and lists of fractions: any multiple of each may be added to it
---@field steps table[]  { text = "row 2 <- row 2 - 2 row 1", operations = the same by row, matrix = rows of [A | I] or [A | b] after it }
local Work = {}

--- NumPy's legacy stream (RandomState), bit for bit.
---@class gradus.random
local random = {}

--- Runs f(...), and what it draws from the program's generator is drawn from another: afterwards all goes on as if
--- nothing had been drawn. Returns what f returns; an error in f passes through.
---@param f function
function random.aside(f) end

--- Draws k of the positions 1..n, or of the rows of a tensor; without k, one.
--- Options: replace (true): a position may be drawn again; p: the chances of the positions, which sum to 1
---@param n any  a count, or a tensor or list to draw rows of
---@param k? integer
---@param given? { replace?: boolean, p?: any }
---@return any
function random.choice(n, k, given) end

--- A generator of its own.
---@param n integer  its seed
function random.new(n) end

--- Normal numbers; without sizes one number.
---@param mean? number  0 unless given
---@param std? number  standard deviation, 1 unless given
---@param ... integer  sizes
---@return gradus.Tensor
function random.normal(mean, std, ...) end

--- The positions 1..n in random order, or the rows of a tensor so. Positions are NumPy's plus 1.
---@param n any  a count, or a tensor
---@return gradus.Tensor
function random.permutation(n) end

--- Python's own generator: random(), shuffle(t), permutation(n).
---@param n integer  its seed, as given to random.seed
function random.python(n) end

--- Numbers spread evenly from 0 to below 1; without sizes one number.
---@param ... integer  sizes
---@return gradus.Tensor
function random.rand(...) end

--- Whole numbers from lo to hi - 1, as in NumPy; without sizes one number.
---@param lo integer
---@param hi integer  not drawn
---@param ... integer  sizes
---@return gradus.Tensor
function random.randint(lo, hi, ...) end

--- Standard normal numbers; without sizes one number.
---@param ... integer  sizes
---@return gradus.Tensor
function random.randn(...) end

--- Numbers spread evenly from 0 to below 1; without sizes one number.
---@param ... integer  sizes
---@return gradus.Tensor
function random.random(...) end

--- Starts the stream again from n, and the library's own streams with it.
---@param n integer  0 .. 4294967295
function random.seed(n) end

--- Goes on from where state() was called.
--- Raises for what is no state of such a generator.
---@param state string
function random.set_state(state) end

--- Puts a vector, the rows of a tensor, or a list into random order, in place.
---@param t any
---@return any # the same
function random.shuffle(t) end

--- Where the generator stands, as a string for set_state.
---@return string
function random.state() end

--- A generator that the library draws from for itself, derived from the seed and a name, so that what a script draws
--- and what the library draws do not disturb each other.
---@param name string
function random.stream(name) end

--- Numbers spread evenly from lo to below hi; without sizes one number.
---@param lo? number  0 unless given
---@param hi? number  1 unless given
---@param ... integer  sizes
---@return gradus.Tensor
function random.uniform(lo, hi, ...) end

--- linear algebra through LAPACK.
---@class gradus.linalg
local linalg = {}

--- The lower triangle l with A = l times l transposed.
--- Raises when A is not symmetric or not positive definite.
---@param A any  (n, n)
---@return gradus.Tensor
function linalg.cholesky(A) end

--- Condition number by the 2-norm: the largest singular value over the smallest; infinity when singular.
---@param A any  (m, n)
---@return number
function linalg.cond(A) end

--- Determinant of a square matrix; 0 where it is singular.
---@param A any  (n, n)
---@return number
function linalg.det(A) end

--- Eigenvalues w and eigenvectors (columns of v) of a square matrix. When some are complex, the imaginary parts follow
--- as two more results.
---@param A any  (n, n)
---@return any w, any v, any? w_imaginary, any? v_imaginary
function linalg.eig(A) end

--- Eigenvalues w, ascending, and eigenvectors (columns of v) of a symmetric matrix.
---@param A any  (n, n)
---@return gradus.Tensor # w
---@return gradus.Tensor # v
function linalg.eigh(A) end

--- Inverse of a square matrix.
--- Raises when it is singular, and says which rows depend on each other; warns once when it is nearly so.
---@param A any  (n, n)
---@return any # (n, n)
function linalg.inv(A) end

--- The x of least squares |A x - b|; of several the shortest. A may have any shape.
---@param A any  (m, n)
---@param b any  (m) or (m, k)
---@return gradus.Tensor # (n) or (n, k)
function linalg.lstsq(A, b) end

--- A = p l u: a permutation matrix, a lower triangle with ones on its diagonal, an upper triangle.
---@param A any  (m, n)
---@return gradus.Tensor # p
---@return gradus.Tensor # l
---@return gradus.Tensor # u
function linalg.lu(A) end

--- Root of the sum of squares, of any shape.
---@param A any
---@return number
function linalg.norm(A) end

--- Pseudo-inverse (Moore & Penrose), by SVD; singular values below 1e-15 times the largest count as 0, as in NumPy.
---@param A any  (m, n)
---@return gradus.Tensor # (n, m)
function linalg.pinv(A) end

--- A = q r, reduced: columns at right angles, and an upper triangle.
---@param A any  (m, n)
---@return gradus.Tensor # q
---@return gradus.Tensor # r
function linalg.qr(A) end

--- How many rows do not depend on others: singular values above max(m, n) eps times the largest.
---@param A any  (m, n)
---@return integer
function linalg.rank(A) end

--- Sign and natural logarithm of the absolute determinant, where the determinant itself would overflow.
---@param A any  (n, n)
---@return number # -1, 0 or 1
---@return number
function linalg.slogdet(A) end

--- Solves A x = b.
--- Raises when A is singular; warns once when it is nearly so.
---@param A any  (n, n)
---@param b any  (n) or (n, k)
---@return any # x, in the shape of b
function linalg.solve(A, b) end

--- Singular values: A = u diag(s) vt, reduced; s descending.
---@param A any  (m, n)
---@return gradus.Tensor # u
---@return gradus.Tensor # s
---@return gradus.Tensor # vt
function linalg.svd(A) end

--- layers, nets and losses; some layers are made in conv.lua and norm.lua, the losses in loss.lua.
---@class gradus.nn
---@field init gradus.nn.init
local nn = {}

--- The mean of each window, channel by channel (LeCun et al. 1998). Zeros of the padding count, as in PyTorch unless
--- told otherwise. Shapes and options: as max_pool2d.
---@param kernel integer|integer[]
---@param given? { stride?: integer|integer[], padding?: integer|integer[], name?: string }
---@return gradus.Layer
function nn.avg_pool2d(kernel, given) end

--- Batch normalisation: y = gamma (x - mean) / sqrt(var + eps) + beta for each feature (Ioffe & Szegedy 2015). In
--- training mean and var are those of the batch (algorithm 1), and running_mean and running_var move towards them by
--- momentum; after training those two stand in for them (algorithm 2). Definitions are PyTorch's: var is divided by n,
--- running_var by n - 1.
--- Shapes: x (batch, features) or (batch, features, height, width) -> y the same.
--- Options: momentum (0.1); eps (1e-5); name
--- Raises when called with another shape, and in training with one value for each feature, which has no spread.
---@param features integer
---@param given? { momentum?: number, eps?: number, name?: string }
---@return gradus.Layer
function nn.batch_norm(features, given) end

--- Binary cross entropy from probabilities p: -t ln p - (1 - t) ln(1 - p), t from 0 to 1, summed over a sample's
--- outputs, averaged over samples. Logarithms are held at -100, and p (1 - p) in the gradient at 1e-12, as PyTorch
--- does. From plain scores, logistic is the same, and exact.
--- Raises when a score is no probability.
---@return gradus.Loss
function nn.binary_cross_entropy() end

--- Convolution of images: each output channel sums all input channels, weighed by a kernel that moves over them, plus a
--- bias. As every library has it the kernel is not turned round: a cross-correlation (LeCun, Bottou, Bengio & Haffner
--- 1998; Dumoulin & Visin 2016).
--- Shapes: x (batch, in_channels, h, w) -> y (batch, out_channels, h', w'), h' = (h + 2 padding - kernel) / stride + 1
--- rounded down: what the stride leaves over is dropped. w is (out_channels, in_channels, kh, kw), as in PyTorch, and
--- starts Glorot-uniform with in_channels kh kw inputs and out_channels kh kw outputs; b starts at zero.
--- Options: stride (1); padding (0): zeros on each side; name; init and bias_init, from nn.init or tensors; bias (true)
--- kernel, stride and padding are a number or {down, across}.
--- Raises when a size is not a whole number, and, when called, if x is no images, has other channels, or is too small.
---@param in_channels integer
---@param out_channels integer
---@param kernel integer|integer[]
---@param given? { stride?: integer|integer[], padding?: integer|integer[], name?: string, init?: any, bias_init?: any, bias?: boolean }
---@return gradus.Layer
function nn.conv2d(in_channels, out_channels, kernel, given) end

--- Cross entropy of softmax(scores), from scores (m, k): targets are labels 0..k-1 (m), or one-hot rows (m, k).
--- Raises when a label is none of the classes.
---@return gradus.Loss
function nn.cross_entropy() end

--- Fully connected layer: y = x w + b.
--- Shapes: x (batch, inputs) -> y (batch, outputs).
--- Weights start Glorot-uniform (Glorot & Bengio 2010, eq. 16), the bias at zero.
--- Options: name; init and bias_init, from nn.init or tensors; bias (true)
--- Raises when a size is not a positive whole number, and, when called, if x does not have `inputs` columns.
---@param inputs integer  columns of x
---@param outputs integer  columns of y
---@param given? { name?: string, init?: any, bias_init?: any, bias?: boolean }
---@return gradus.Layer
function nn.dense(inputs, outputs, given) end

--- Dropout: in training each element is 0 with probability p, and the others are divided by 1 - p, so that nothing is
--- left to do after training, when the layer gives its input (Srivastava et al. 2014, section 10: inverted dropout).
--- The masks come from a stream of the layer's own, derived from the seed and the order in which dropout layers are
--- made. They are counted: `draws` holds the stream's key and how many masks were drawn, and with it assigned the same
--- masks come again.
--- Shapes: any.
--- Raises when p is not at least 0 and below 1.
---@param p number  share that is dropped, at least 0 and below 1
---@param given? { name?: string }
---@return gradus.Layer
function nn.dropout(p, given) end

--- x above 0, alpha (e^x - 1) elsewhere (Clevert, Unterthiner & Hochreiter 2016).
--- Options: name; alpha (1), finite and not negative
---@param given? { name?: string, alpha?: number }
---@return gradus.Layer
function nn.elu(given) end

--- Embedding: a learnt row of `size` numbers for each whole number from 0 to count - 1, such as a word of a vocabulary.
--- Shapes: x (batch) or (batch, time) -> y (batch, size) or (batch, time, size). w starts standard normal, as
--- PyTorch's.
--- Options: init, from nn.init or a tensor (count x size); name
--- Raises when called with a number that is not whole or out of range: they count from 0, as class labels do.
---@param count integer  how many different numbers there are
---@param size integer  how many numbers stand for each
---@param given? { init?: any, name?: string }
---@return gradus.Layer
function nn.embedding(count, size, given) end

--- Each sample as one row: (batch, ...) -> (batch, rest), on the same memory. (t:flatten() makes a vector of a whole
--- tensor.) Options: name. Raises, when called, for what is no tensor of at least one axis.
---@param given? { name?: string }
---@return gradus.Layer
function nn.flatten(given) end

--- Gaussian error linear unit x P(x), P the normal distribution function, exact (Hendrycks & Gimpel 2016).
---@param given? { name?: string }
---@return gradus.Layer
function nn.gelu(given) end

--- Gated recurrent unit (Cho et al. 2014), in the form of PyTorch and cuDNN, which resets after the product with the
--- state: r, z = sigmoid(x w_r + h_before u_r + b_r), ..., n = tanh(x w_n + b_n + r (h_before u_n + c)), h = (1 - z) n
--- + z h_before.
--- Shapes: x (batch, time, inputs) -> y (batch, time, hidden), the states after all steps; with last = true the last
--- one, (batch, hidden).
--- Weights hold the gates in the order r z n; each gate's block of w starts Glorot-uniform and of u orthogonal; b and c
--- (hidden), the bias inside the reset, start at zero.
--- Options: name; last (false); init and recurrent_init for w and u, from nn.init, called for each gate's block, or
--- tensors of all blocks; bias_init for b
--- PyTorch's weight_ih and weight_hh are w and u transposed; b is bias_ih plus bias_hh for r and z, and bias_ih for n;
--- c is the last third of bias_hh.
--- Raises when a size is not a positive whole number, and, when called, if x is not batch x time x inputs.
---@param inputs integer  numbers a step
---@param hidden integer  numbers in the state
---@param given? { name?: string, last?: boolean, init?: any, recurrent_init?: any, bias_init?: any }
---@return gradus.Layer
function nn.gru(inputs, hidden, given) end

--- Huber's loss (Huber 1964): with e = scores - targets, e^2 / 2 up to |e| = delta and delta (|e| - delta / 2) beyond,
--- the mean over all entries, as PyTorch's HuberLoss.
--- Options: delta (1), above 0
---@param given? { delta?: number }
---@return gradus.Loss
function nn.huber(given) end

--- The input itself.
---@param given? { name?: string }
---@return gradus.Layer
function nn.identity(given) end

--- A layer made of parts. `forward` is called with the input (and the layer); `params` is a list of gr.param tensors,
--- or a table of them by name; their names become fields of the layer. `layers` is a list of layers that forward uses:
--- their parameters count as the layer's. `state` is a list of named tensors that forward itself changes. `args` says
--- with what nn[kind] makes such a layer again, for saved nets: numbers, strings, booleans, and a last table of
--- options.
---@param parts { forward: function, params?: table, layers?: table, state?: table, name?: string, kind?: string, args?: table }
---@return gradus.Layer
function nn.layer(parts) end

--- Layer normalisation: y = gamma (x - mean) / sqrt(var + eps) + beta, mean and var (divided by n) of each row by
--- itself (Ba, Kiros & Hinton 2016, eq. 4), as PyTorch's LayerNorm of one axis. The same in training and after.
--- Shapes: x (..., features) -> y the same.
--- Options: eps (1e-5); name
--- Raises when called with a last axis of another size.
---@param features integer
---@param given? { eps?: number, name?: string }
---@return gradus.Layer
function nn.layer_norm(features, given) end

--- x above 0, slope x elsewhere (Maas, Hannun & Ng 2013).
--- Options: name; slope (0.01), any finite number
---@param given? { name?: string, slope?: number }
---@return gradus.Layer
function nn.leaky_relu(given) end

--- The net that `net:save(path)` has written, ready to predict (as eval() has it).
--- Raises for a file without a description of its net, and where functions or layers of a script belong to it:
--- layer:load fills those.
---@param path string
---@return gradus.Layer
function nn.load(path) end

--- Binary cross entropy from scores: the mean over samples of ln(1 + e^s) - t s (Cox 1958), t from 0 to 1.
---@return gradus.Loss
function nn.logistic() end

--- Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers, Schmidhuber & Cummins 2000): i,
--- f, o = sigmoid(x w_i + h_before u_i + b_i), ..., g = tanh(x w_g + h_before u_g + b_g), c = f c_before + i g, h = o
--- tanh(c).
--- Shapes: x (batch, time, inputs) -> y (batch, time, hidden), the states h after all steps; with last = true the last
--- one, (batch, hidden).
--- Weights hold the gates in the order i f g o; each gate's block of w starts Glorot-uniform and of u orthogonal; b
--- starts at zero, but at 1 for the forget gate, so that the cell keeps what it has until it learns better (Jozefowicz,
--- Zaremba & Sutskever 2015).
--- Options: name; last (false); forget_bias (1; what bias_init says, where that is given); init and recurrent_init for
--- w and u, from nn.init, called for each gate's block, or tensors of all blocks; bias_init for b
--- PyTorch's weight_ih and weight_hh are w and u transposed, and b is the sum of its two biases.
--- Raises when a size is not a positive whole number, and, when called, if x is not batch x time x inputs.
---@param inputs integer  numbers a step
---@param hidden integer  numbers in the state
---@param given? { name?: string, last?: boolean, forget_bias?: number, init?: any, recurrent_init?: any, bias_init?: any }
---@return gradus.Layer
function nn.lstm(inputs, hidden, given) end

--- Mean absolute error: the mean of |scores - targets| over all entries. Its gradient where they are equal is 0.
---@return gradus.Loss
function nn.mae() end

--- The largest pixel of each window, channel by channel; NaN if there is one. The first of equals gets the gradient.
--- Shapes: x (batch, channels, h, w) -> y (batch, channels, h', w'), h' = (h + 2 padding - kernel) / stride + 1 rounded
--- down.
--- Options: stride (the kernel); padding (0), at most half the kernel: never the largest; name. kernel, stride and
--- padding are a number or {down, across}
--- Raises as conv2d does.
---@param kernel integer|integer[]
---@param given? { stride?: integer|integer[], padding?: integer|integer[], name?: string }
---@return gradus.Layer
function nn.max_pool2d(kernel, given) end

--- Mean squared error: the mean of (scores - targets)^2 over all entries.
---@return gradus.Loss
function nn.mse() end

--- Negative log likelihood from probabilities (m, k) whose rows sum to 1, as nn.softmax gives them: the mean over
--- samples of -ln p at the label. Targets are labels 0..k-1 (m), or one-hot rows (m, k). The logarithm is held at -100,
--- so that the loss of a class thought impossible is finite. From plain scores, cross_entropy is the same, and exact.
--- Raises when a label is none of the classes, or a row is no probabilities.
---@return gradus.Loss
function nn.nll() end

--- max(x, 0), element by element (Nair & Hinton 2010).
---@param given? { name?: string }
---@return gradus.Layer
function nn.relu(given) end

--- Recurrent layer: h = tanh(x w + h_before u + b) (Elman 1990).
--- Shapes: x (batch, time, inputs) -> y (batch, time, hidden), the states after all steps; with last = true the last
--- one, (batch, hidden). w starts Glorot-uniform, u orthogonal, b at zero.
--- Options: name; last (false); activation, "tanh" or "relu" (Le, Jaitly & Hinton 2015, who start u at gr.eye(hidden));
--- init, recurrent_init and bias_init for w, u and b, from nn.init or tensors
--- Raises when a size is not a positive whole number, and, when called, if x is not batch x time x inputs.
---@param inputs integer  numbers a step
---@param hidden integer  numbers in the state
---@param given? { name?: string, last?: boolean, activation?: string, init?: any, recurrent_init?: any, bias_init?: any }
---@return gradus.Layer
function nn.rnn(inputs, hidden, given) end

--- A net of layers, other nets, and functions of a tensor.
---@param layers table  a list
---@return gradus.Net
function nn.sequential(layers) end

--- Logistic function 1 / (1 + e^-x), element by element.
---@param given? { name?: string }
---@return gradus.Layer
function nn.sigmoid(given) end

--- Softmax of each row. nn.cross_entropy has it inside: do not put both.
---@param given? { name?: string }
---@return gradus.Layer
function nn.softmax(given) end

--- ln(1 + e^x), element by element: a smooth rectifier (Dugas et al. 2001).
---@param given? { name?: string }
---@return gradus.Layer
function nn.softplus(given) end

--- Half the sum of squares of (scores - targets): summed over a sample's outputs, averaged over samples.
---@return gradus.Loss
function nn.sse() end

--- Hyperbolic tangent, element by element.
---@param given? { name?: string }
---@return gradus.Layer
function nn.tanh(given) end

--- how weights start.
---@class gradus.nn.init
local nn_init = {}

--- All the same value.
---@param value number
function nn_init.constant(value) end

--- Normal with deviation sqrt(2 / (inputs + outputs)): Glorot & Bengio 2010.
function nn_init.glorot_normal() end

--- Uniform in +-sqrt(6 / (inputs + outputs)): Glorot & Bengio 2010, eq. 16.
function nn_init.glorot_uniform() end

--- Normal with deviation sqrt(2 / inputs): He, Zhang, Ren & Sun 2015, eq. 10.
function nn_init.he_normal() end

--- Uniform in +-sqrt(6 / inputs): He, Zhang, Ren & Sun 2015, for rectifiers.
function nn_init.he_uniform() end

--- Normal with deviation sqrt(1 / inputs): LeCun, Bottou, Orr & Mueller 1998, section 4.6.
function nn_init.lecun_normal() end

--- Normal numbers.
--- Options: mean (0), std (1)
---@param given? { mean?: number, std?: number }
function nn_init.normal(given) end

--- All ones.
function nn_init.ones() end

--- Columns of length 1, each at a right angle to the others (rows, when there are fewer of them), times gain: Saxe,
--- McClelland & Ganguli 2014. As PyTorch's orthogonal_: Q of a normal matrix, its columns' signs those of R's diagonal,
--- which makes all such matrices equally likely; as many standard normal numbers are drawn, row by row. Kernels make a
--- row for each output.
--- Options: gain (1)
--- Raises for a bias, which is no matrix.
---@param given? { gain?: number }
function nn_init.orthogonal(given) end

--- Numbers spread evenly from lo to hi.
--- Options: lo (-0.05), hi (0.05)
---@param given? { lo?: number, hi?: number }
function nn_init.uniform(given) end

--- All zeros.
function nn_init.zeros() end

--- how a step changes the parameters, and the rates that it takes.
---@class gradus.optim
local optim = {}

--- Steps have the units of the parameters: s = rho s + (1 - rho) d^2, c = sqrt(u + eps) / sqrt(s + eps) d, u = rho u +
--- (1 - rho) c^2, p = p - lr c (Zeiler 2012, algorithm 1).
--- Options: lr (1): learning rate; rho (0.9); eps (1e-6); weight_decay (0); clip_norm
---@param given? { lr?: gradus.Rate, rho?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adadelta(given) end

--- Steps shrink with the sum of all squares so far: s = s + d^2, p = p - lr d / (sqrt(s) + eps) (Duchi, Hazan & Singer
--- 2011, figure 1).
--- Options: lr (0.01): learning rate; eps (1e-10); weight_decay (0); clip_norm
---@param given? { lr?: gradus.Rate, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adagrad(given) end

--- Running mean over running root mean square: m = beta1 m + (1 - beta1) d, s = beta2 s + (1 - beta2) d^2, and at step
--- t p = p - lr / (1 - beta1^t) m / (sqrt(s / (1 - beta2^t)) + eps) (Kingma & Ba 2015, algorithm 1).
--- Options: lr (0.001): learning rate; beta1 (0.9); beta2 (0.999); eps (1e-8); weight_decay (0); clip_norm
---@param given? { lr?: gradus.Rate, beta1?: number, beta2?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adam(given) end

--- Adam with weight decay apart from the gradient: p = p - lr weight_decay p first, then adam's step (Loshchilov &
--- Hutter 2019, algorithm 2).
--- Options: lr (0.001): learning rate; beta1 (0.9); beta2 (0.999); eps (1e-8); weight_decay (0.01); clip_norm
---@param given? { lr?: gradus.Rate, beta1?: number, beta2?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.adamw(given) end

--- Half a wave from lr down to least (Loshchilov & Hutter 2017, eq. 5, without restarts): least + (lr - least) (1 +
--- cos(pi t / epochs)) / 2 with t = epoch - 1, PyTorch's CosineAnnealingLR. From epoch epochs + 1 on: least.
--- Options: lr: learning rate; epochs; least (0)
---@param given { lr: number, epochs: integer, least?: number }
---@return gradus.Schedule
function optim.cosine(given) end

--- The rate is multiplied by a factor after each epoch: lr factor^(epoch - 1), PyTorch's ExponentialLR.
--- Options: lr: learning rate; factor
---@param given { lr: number, factor: number }
---@return gradus.Schedule
function optim.exponential(given) end

--- The rate is multiplied by a factor when more than `patience` epochs in a row have brought no better loss, PyTorch's
--- ReduceLROnPlateau. Better means by more than 1/10000 of the best. fit tells it each epoch's loss, on the validation
--- data where there are any; a loop by hand calls optimizer:tell(loss). It remembers, so each optimiser needs one of
--- its own.
--- Options: lr: learning rate; factor (0.1); patience (10); least (0), where it stops falling
---@param given { lr: number, factor?: number, patience?: integer, least?: number }
---@return gradus.Schedule
function optim.plateau(given) end

--- Steps are divided by a running root mean square: s = rho s + (1 - rho) d^2, p = p - lr d / (sqrt(s) + eps) (Tieleman
--- & Hinton 2012, lecture 6.5; rho is PyTorch's alpha).
--- Options: lr (0.01): learning rate; rho (0.99); eps (1e-8); weight_decay (0); clip_norm
---@param given? { lr?: gradus.Rate, rho?: number, eps?: number, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.rmsprop(given) end

--- Stochastic gradient descent: p = p - lr d, where d is the gradient; with momentum, v = momentum v + d and p = p - lr
--- v, and with nesterov p = p - lr (d + momentum v) (Sutskever et al. 2013, eq. 1-4, with lr outside of v). v starts as
--- the first gradient.
--- Options: lr (0.01): learning rate; momentum (0); nesterov (false); weight_decay (0); clip_norm
---@param given? { lr?: gradus.Rate, momentum?: number, nesterov?: boolean, weight_decay?: number, clip_norm?: number }
---@return gradus.Optimizer
function optim.sgd(given) end

--- The rate is multiplied by a factor again and again: lr factor^floor((epoch - 1) / every), PyTorch's StepLR.
--- Options: lr: learning rate; every, a number of epochs; factor (0.1)
---@param given { lr: number, every: integer, factor?: number }
---@return gradus.Schedule
function optim.step(given) end

--- Grows evenly to lr (Goyal et al. 2017, section 2.2): lr epoch / epochs, so that epoch `epochs` has lr. What comes
--- after counts its own epochs from 1.
--- Options: lr: learning rate; epochs; after (lr), a schedule, a number or a function
---@param given { lr: number, epochs: integer, after?: gradus.Schedule|number|fun(epoch: integer): number }
---@return gradus.Schedule
function optim.warmup(given) end

--- data sets, files, and getting data ready.
---@class gradus.data
local data = {}

--- Goes through x (a tensor or a byte set) and y in batches of `size` rows, in order; the last may be smaller.
---   for xb, yb in gr.data.batches(x, y, 100) do ... end
---@param x any
---@param y any
---@param size integer
---@return function
function data.batches(x, y, size) end

--- Thirty measurements of 569 tumours: 0 malignant, 1 benign.
function data.breast_cancer() end

--- Numbers of a CSV file, and its column names (nil without a header).
--- Options: separator (","); header (true, false; found out unless given); dtype
--- Raises for missing values, words and uneven rows, naming line and column.
---@param path string
---@param given? { separator?: string, header?: boolean, dtype?: string }
---@return any, string[]?
function data.csv(path, given) end

--- Ten measurements of 442 patients, and the progress of their diabetes a year later.
--- Options: legacy (false): the bmi column with the digits that older files had; printed course figures need it
---@param given? { legacy?: boolean }
---@return { x: any, y: any, names: string[], about: string }
function data.diabetes(given) end

--- 1797 handwritten digits of 8 x 8 pixels, 0..16.
function data.digits() end

--- Fashion-MNIST: 60,000 and 10,000 pictures of clothes, 28 x 28 pixels in a row of 784, with labels 0..9.
--- Options: scale (255): what pixels are divided by; 1 leaves them 0..255; bytes (false): x is a byte set, an eighth of
--- the memory
---@param given? { scale?: number, bytes?: boolean }
---@return { train: { x: any, y: any }, test: { x: any, y: any }, classes: string[], about: string }
function data.fashion_mnist(given) end

--- An IDX file (MNIST's format), plain or gzipped, in the shape that it states. Pixels come as 0..1 when scale is 255.
--- Options: dtype; scale (1): what each number is divided by; bytes (false): unsigned bytes come as a byte set, of
--- which scale is 255 unless given. dtype and scale may also stand by themselves: gr.data.idx(path, "f32", 255)
---@param path string
---@param dtype? string|{ dtype?: string, scale?: number, bytes?: boolean }
---@param scale? number
---@return any
function data.idx(path, dtype, scale) end

--- A picture, PNG, PGM or PPM: a tensor of height x width when it is gray, height x width x 3 (red, green, blue) when
--- coloured. Black is 0 and white is 1, however many bits its file gives a pixel; of what lies between, a byte b is b /
--- 255. Transparency and gamma are left out of account: pixels come as they are stored.
--- Options: scale (255): what bytes are divided by; 1 makes white 255; gray (false): true turns colours into their
--- luminance, (299 red + 587 green + 114 blue) / 1000 (ITU-R BT.601; not rounded to bytes); dtype
--- Raises for files that end early or are damaged, for other formats, and for more than 2^28 pixels.
---@param path string
---@param given? { scale?: number, gray?: boolean, dtype?: string }
---@return any
function data.image(path, given) end

--- Four measurements of 150 irises of three species.
function data.iris() end

--- Folds for cross-validation: a list of k entries { train =, test = } of positions (tensors, ascending), so that each
--- row is for testing in one of them. The very rows of scikit-learn's KFold, or StratifiedKFold.
---   for i, fold in ipairs(gr.data.kfold(x, { k = 5, shuffle = true })) do
---     net:fit(x:take(fold.train), y:take(fold.train), ...)
--- Options: k (5); shuffle (false): otherwise neighbours stay together; seed (0), scikit-learn's random_state, only
--- with shuffle; stratify, labels (n) or one-hot rows: each class is spread evenly over the folds
--- One with fewer than k rows is missing in some.
---@param x any  tensor or byte set with a row each, or the number of rows
---@param given? { k?: integer, shuffle?: boolean, seed?: integer, stratify?: any }
---@return { train: any, test: any }[]
function data.kfold(x, given) end

--- Maps each column of `train` to 0..1, and the other tensors by the same numbers.
---@param train any
---@param ... any
---@return any ...
function data.minmax(train, ...) end

--- MNIST: 60,000 and 10,000 handwritten digits, 28 x 28 pixels in a row of 784, with labels 0..9.
--- Options: scale (255): what pixels are divided by; 1 leaves them 0..255; bytes (false): x is a byte set, an eighth of
--- the memory
---@param given? { scale?: number, bytes?: boolean }
---@return { train: { x: any, y: any }, test: { x: any, y: any }, classes: string[], about: string }
function data.mnist(given) end

--- A NumPy .npy file.
---@param path string
---@return any
function data.npy(path) end

--- The arrays of a NumPy .npz file by name, as numpy.savez and savez_compressed write them: gr.data.npz(path).x.
--- Members that are no .npy files are passed over.
--- Raises for whatever is wrong with the file, naming the member: an array of objects or of text is refused.
---@param path string
---@return table<string, any>
function data.npz(path) end

--- Labels as rows with a single 1: class c in column c + 1.
---@param y any  labels 0..k-1, a vector
---@param k? integer  number of classes; the largest label and 1 unless given
---@return any # (m, k)
function data.one_hot(y, k) end

--- The tensors of a safetensors file by name (PyTorch's users write such files), and its notes, { key = text }. F64
--- comes as f64; F32, F16 and BF16 as f32; whole numbers as f64.
--- Raises for whatever is wrong with the file, naming the tensor.
---@param path string
---@return table<string, any>, table<string, string>
function data.safetensors(path) end

--- A small gray picture to try things on: a lit cup and its shadow on a table, 64 x 64 pixels from 0 (black) to 1
--- (white).
---@return { x: any, about: string }
function data.sample_image() end

--- Writes a matrix, or a vector as one column, to a CSV file, each number with the fewest digits that read back equal.
--- Options: names: of the columns, a header
--- NaN and infinities are written as nan and inf, which gr.data.csv refuses. An old file stays as it is if that fails.
---@param path string
---@param t any
---@param given? { names?: string[] }
function data.save_csv(path, t, given) end

--- Writes a picture of 8 bits a sample: height x width or height x width x 3 to a .png, the first also to a .pgm, the
--- second to a .ppm file. An old file stays as it is if that fails.
--- Options: scale (255): what values are multiplied by before they are rounded; 1 takes values from 0 to 255
--- Raises for values that make no byte, naming the pixel.
---@param path string
---@param t any
---@param given? { scale?: number }
function data.save_image(path, t, given) end

--- Writes a tensor to a NumPy .npy file. An old file stays as it is if that fails.
---@param path string
---@param t any
function data.save_npy(path, t) end

--- Writes tensors to a NumPy .npz file, { name = tensor }, uncompressed. An old file stays as it is if that fails.
---@param path string
---@param tensors table<string, any>
function data.save_npz(path, tensors) end

--- Writes tensors to a safetensors file, { name = tensor }. An old file stays as it is if that fails.
---@param path string
---@param tensors table<string, any>
function data.save_safetensors(path, tensors) end

--- Splits rows at random into a training and a test part: the very rows of scikit-learn's train_test_split.
--- Options: test (0.2): share below 1, or number of rows; seed (0), scikit-learn's random_state; shuffle (true);
--- stratify (false): true keeps each class's share in both parts, the classes being those of y; labels (n) or one-hot
--- rows stand for y
--- Where x is a byte set, so are its parts.
---@param x any
---@param y? any
---@param given? { test?: number, seed?: integer, shuffle?: boolean, stratify?: any }
---@return { x: any, y: any }, { x: any, y: any } # training and test part
function data.split(x, y, given) end

--- Takes the mean of `train` from each column and divides by its population deviation; the other tensors are scaled by
--- the same numbers. Columns that do not vary are only centred.
---@param train any  (m, n)
---@param ... any  (any, n)
---@return any ... # all of them, scaled
function data.standardize(train, ...) end

--- Thirteen measurements of 178 wines of three growers.
function data.wine() end

--- how good predictions are.
---@class gradus.metrics
local metrics = {}

--- Share of predictions that are right. Both arguments: labels (m), or one-hot or scores (m, k).
---@param y any
---@param predicted any
---@return number
function metrics.accuracy(y, predicted) end

--- Counts: row c + 1 is true class c, column p + 1 predicted class p.
---@param k? integer  number of classes; the largest label and 1 unless given
---@return any # (k, k)
function metrics.confusion(k) end

--- Harmonic mean of precision and recall; 0 when both are. Classes as for precision.
---@param y any
---@param predicted any
---@return number
function metrics.f1(y, predicted) end

--- Mean absolute error.
---@param y any
---@param predicted any
---@return number
function metrics.mae(y, predicted) end

--- Mean squared error.
---@param y any
---@param predicted any
---@return number
function metrics.mse(y, predicted) end

--- Share of what is predicted to be of a class that is; 0 when nothing is. Both arguments: labels (m), or one-hot or
--- scores (m, k). Of labels 0 and 1 it is that of class 1; of more classes the mean over those in y or predicted, as
--- scikit-learn's average="macro".
---@param y any
---@param predicted any
---@return number
function metrics.precision(y, predicted) end

--- R squared: 1 less the share of the targets' variance that is left unexplained.
---@param y any
---@param predicted any
---@return number
function metrics.r2(y, predicted) end

--- Share of what is of a class that is found; 0 when nothing is. Classes as for precision.
---@param y any
---@param predicted any
---@return number
function metrics.recall(y, predicted) end

--- Area under the receiver operating characteristic. y: labels (m), or one-hot (m, k). scores: of labels 0 and 1, a
--- score for class 1 each, (m), (m, 1), or the last column of (m, 2); of more classes, (m, k), and the mean over
--- classes of each against the rest.
--- Raises when a class has no rows, or all.
---@param y any
---@param scores any
---@return number
function metrics.roc_auc(y, scores) end

--- whether gradients are right, and what is wrong with those that are not.
---@class gradus.check
local check = {}

--- Compares a backward pass written by hand with central differences, on small inputs on which mistakes show, and names
--- the mistake where it is a known one: missing 1/m, weight transposed, sign, labels off by one... A mistake is named
--- only when it gives the student's own numbers on all inputs. The student is an object with its parameters in fields
--- (w1, b1, weight, bias; lists or boxes { data =, grad = } of them) or in `params`: a network with loss(x, y) and
--- gradient(x, y) or backward; a layer with forward(x) and backward(dout); a loss with forward(scores, y) and
--- backward(). Gradients are what backward returns, a table or one by one, or what loss returns beside the loss, or
--- fields such as dw1, or what a training step changes. Or the student is a function of sizes (inputs, outputs) that
--- makes one. Names and order of arguments tell what is given to them; what forward returns beside its result is there
--- for backward's cache. The student's fields are afterwards as they were. A second object is a reference, whose
--- forward pass is compared too.
--- Options: reference; kind: network, layer or loss; loss, of (scores, targets), for a student that has none:
--- cross_entropy, logistic, squares (half of them), mse, means over the rows, or a function; labels: one-hot, classes,
--- classes from 1, class column or flat; inputs, how many columns; classes (3), of a loss; params, their names;
--- returns, the names in the order of backward's results, "x" for the input's; error, what a network's backward(x, err)
--- is given: row, of each row, or mean, dL/dscores (either will do); forward, backward, training: names of methods; lr
--- (0.1), given to what asks for a rate; tolerance (1e-5); seconds, after which no more mistakes are tried: findings
--- then have no names (nil: all are tried; marking gives it one second)
--- Raises when the student has no such parts.
--- An error inside its code is a finding. Functions that take parameters as arguments, gradient(p, x, y), are put into
--- such an object first, as the starter file of experiments/assignments/two_layers does.
---@param student any
---@param given? { reference?: table, kind?: string, loss?: any, labels?: string, inputs?: integer, classes?: integer, params?: string[], returns?: string[], error?: string, forward?: string, backward?: string, training?: string, lr?: number, tolerance?: number, seconds?: number }
---@return gradus.BackpropReport # prints as a page
function check.backprop(student, given) end

--- Compares the gradients of f with central differences, for every element of every parameter.
--- Options: h, step of the differences (1e-5; 1e-2 where a parameter is f32); tolerance (1e-7; f32: 1e-3)
---@param f function  of nothing; returns one number that depends on the parameters
---@param params any  a list of tensors made by gr.param, or one of them
---@param given? { h?: number, tolerance?: number }
---@return gradus.GradientCheck # prints as a sentence
function check.gradients(f, params, given) end

--- linear algebra with the work shown, in exact fractions, beside LAPACK's answer.
---@class gradus.lab
local lab = {}

--- A fraction to compute with: + - * / and comparisons, with numbers too, lose nothing; tostring gives "5/2", f:item()
--- the nearest number.
--- Raises for what is no finite number of at most 40 digits, and when a result goes beyond 65,536 bits.
---@param value any  a number, taken as it is written (0.1 is 1/10), or a text like "1/3"
---@return any
function lab.fraction(value) end

--- The inverse of a matrix of whole numbers and short decimals, by Gauss and Jordan in exact fractions: prints [A | I],
--- each step with the matrix after it, the inverse, and beside it LAPACK's, their largest difference, LAPACK's
--- residual, both determinants, rcond and how many digits that leaves. The pivot of a column is its first entry other
--- than 0, from the diagonal down. 0.1 is taken for 1/10, as it is written; thirds are given as "1/3". A singular
--- matrix raises nothing: the page shows how far the elimination comes and which rows depend on each other, and
--- `singular` is true.
--- Raises when A is not square, larger than 8 x 8, or has an entry that is no finite number of at most 40 digits.
---@param A any  (n, n), a tensor, or a nested table of numbers, fractions and texts like "1/3"
---@param given? { quiet?: boolean }  quiet: prints nothing
---@return gradus.Work
function lab.inverse(A, given) end

--- Solves A x = b as gr.lab.inverse inverts: prints [A | b], each step, x, and LAPACK's beside it. Where A is singular
--- it says whether there is no solution, and which row shows that, or infinitely many, and gives them all: one, and the
--- null space.
--- Raises as gr.lab.inverse does, and when b does not have as many rows as A, or more than 8 columns.
---@param A any  (n, n)
---@param b any  (n) or (n, k)
---@param given? { quiet?: boolean }  quiet: prints nothing
---@return gradus.Work
function lab.solve(A, b, given) end

--- tasks for a class, in which each student has their own numbers.
---@class gradus.assignment
local assignment = {}

--- A check of a backward pass written by hand, of a network, a layer or a loss: its parameters are set, and its
--- gradients compared with central differences of f; without f, of what the reference solution gives. A visible check
--- needs f. The hint is the mistake, where gr.check.backprop knows it.
--- Raises when a tolerance has no reason.
---@param given gradus.BackpropOptions
---@return table
function assignment.backprop(given) end

--- A check of one's own: Lua that looks at the plain values of the answer.
--- Options: calls: what the answer is asked, a list { { name = "f", args = { 1 } }, { name = "x" } } or a function of
--- the numbers; judge: a function of (numbers, values, reference) that gives true, false or a share from 0 to 1, and
--- what to say, and a hint; values[i] is what came of call i, tensors as nested lists; points (1); title; hint: a text,
--- or a function of (numbers, first value)
---@param given { calls: any, judge: function, points?: number, title: string, hint?: any }
---@return table
function assignment.check(given) end

--- What `draw` in a question is given, for trying out what it draws: the same text gives the same draws.
---@param text string
---@return gradus.Draw
function assignment.draw(text) end

--- A check that a function of the answer gives the right gradient: that of another function of the answer, by central
--- differences of its values, or that of the teacher's own.
---@param given gradus.GradientOptions
---@return table
function assignment.gradient(given) end

--- An assignment. A question is { name, title, text, points, draw, defines, checks }: text is Markdown or a function of
--- the numbers that gives it; draw is a function of a gradus.Draw that gives the numbers, a table by name; defines
--- lists the names that the answer file must define; checks are those that students do not see. The others stand in the
--- file `visible`, by question, which students get. The points of a question's checks, of both kinds, add up to the
--- question's.
--- Raises for what is missing, unknown, or named twice.
---@param given gradus.AssignmentOptions
---@return table
function assignment.new(given) end

--- A check that a recorded run, handed in beside the answer file, replays: what it claims comes out again, in a cell,
--- where there are no files but the library's data sets. That says that the script says so again, not that it is true
--- (`run:result { accuracy = 1 }` does, too), and not whose run it is: for what counts take assignment.trains, or a
--- check of saved weights, and look at the script.
--- Options: run ("run"): its folder; result: the name of a result that counts; at_most; at_least: where that must be;
--- points (1); title; hint: a text, or a function of (numbers, value), for who fails
---@param given? { run?: string, result?: string, at_most?: number, at_least?: number, points?: number, title?: string, hint?: any }
---@return table
function assignment.replays(given) end

--- A check that a value, or what a function gives, has the right shape: a tensor, or lists of numbers.
--- Options: of: the name in the answer file; args: of the function, a list or a function of the numbers; shape: { 3, 3
--- }, {} for a number, or a function of the numbers; points (1); title; hint: a text, or a function of (numbers,
--- value), for who fails
---@param given { of: string, args?: any, shape: any, points?: number, title?: string, hint?: any }
---@return table
function assignment.shape(given) end

--- A check that a text is there, of so many words. What it says is for the teacher to read: `gradus grade` puts all of
--- them on the page of the class.
--- Options: of: the name in the answer file; words (1): at least so many; points (1); title; hint: a text, or a
--- function of (numbers, value), for who fails
---@param given { of: string, words?: integer, points?: number, title?: string, hint?: any }
---@return table
function assignment.text(given) end

--- A check that a training reaches a figure within a budget of steps. The figure is computed from what comes back, such
--- as weights or predictions, by the teacher's function: a figure that an answer claims counts for nothing. How much
--- one step does is the answer's own affair: the time limit alone bounds it.
--- Raises when neither at_most nor at_least is given.
---@param given gradus.TrainsOptions
---@return table
function assignment.trains(given) end

--- A check that a value, or what a function gives, is the one that is expected.
--- Raises when a tolerance has no reason.
---@param given gradus.ValueOptions
---@return table
function assignment.value(given) end

--- What gr.check.backprop found; printed, it is a page.
---@class gradus.backpropreport
local backpropreport = {}

--- what gr.plot makes: a plain table that says what is drawn (numbers, texts and layers), and what can be done with it.
---@class gradus.figure
local figure = {}

--- pictures.
---@class gradus.plot
local plot = {}

--- Bars at 1, 2, 3, ... side by side for several series.
---   gr.plot.bar({ 3, 1, 2 }, { labels = { "바지", "신발", "가방" } })
---   gr.plot.bar({ train, test }, { labels = names, legend = { "train", "test" } })
--- heights: a vector, or several in a list or a matrix's columns.
--- Options: those of line but dashed and marks; labels: a text for each bar
--- Raises when vectors are empty or differ in length, when labels or legend have another number of texts, and for
--- unknown options.
---@param data any  see above
---@param given? gradus.BarOptions
---@return gradus.Figure
function plot.bar(data, given) end

--- What a model of two inputs decides, point by point of a plane, and the data over it.
---   gr.plot.boundary(net, x, y, { classes = { "no", "yes" } })
--- model: a net, whose predict is called with n x 2 points; or a function of such a tensor that gives a class (0, 1,
--- ...) or scores of all classes for each row. x: m x 2; y: the labels of its rows, or one-hot rows.
--- Options: title, xlabel, ylabel, xlim, ylim, xticks, yticks; classes: a name for each class; grid (150): points along
--- each side
--- Raises when x has other than 2 columns, when y has other than m labels, and for unknown options.
---@param data any  see above
---@param given? gradus.BoundaryOptions
---@return gradus.Figure
function plot.boundary(data, given) end

--- Which classes were taken for which: true classes downwards, predicted ones across, with counts.
---   gr.plot.confusion(test.y, net:predict(test.x), { classes = data.classes })
---   gr.plot.confusion(gr.metrics.confusion(y, guess))
--- One argument: the counts, a square matrix. Two: true labels and guesses, as gr.metrics.confusion takes them.
--- Options: title, xlabel, ylabel; classes: a name for each class (their numbers)
--- Raises when the matrix is not square, when classes has another number of names, and for unknown options.
---@param data any  see above
---@param given? gradus.ConfusionOptions
---@return gradus.Figure
function plot.confusion(data, given) end

--- Lines of equal height, and paths of descent over them.
---   gr.plot.contour(f, { xlim = { -10, 10 }, ylim = { -5, 5 }, path = { xs, ys } })
---   gr.plot.contour(f, { path = { path1, path2 }, legend = { "lr 0.1", "lr 0.9" } })
---   gr.plot.contour(matrix, { xlim = { 0, 1 }, ylim = { 0, 1 } })
--- f: a function of two numbers; or its values as a matrix, row 1 at the lower end of y.
--- Options: title, xlabel, ylabel, xticks, yticks; xlim, ylim: the stretch that f is drawn over ({ -1, 1 }), or that
--- the matrix spans (its positions); levels (12): how many lines, at equal steps; grid (61): points along each side at
--- which f is called; path: { x, y }, or a list of them, and legend for those
--- Raises when f does not give a number, for vectors of different lengths, and for unknown options.
---@param data any  see above
---@param given? gradus.ContourOptions
---@return gradus.Figure
function plot.contour(data, given) end

--- The computation that a tensor remembers: a box for each tensor, inputs above results, with value and gradient.
---   gr.plot.graph(loss):save "graph.svg"
--- A file is drawn by dot (of graphviz) where that is installed; else it holds the lines that gr.graph prints.
--- Options: title
--- Raises for what is no tensor, for more than 500 of them, and for unknown options.
---@param y any
---@param given? gradus.GraphOptions
---@return gradus.Figure
function plot.graph(y, given) end

--- A matrix in colours, pale for its least number and dark for its greatest, row 1 on top.
---   gr.plot.heatmap(net.layers[1].w, { xlabels = names, values = true })
--- matrix: a tensor or a list of rows.
--- Options: title, xlabel, ylabel; xlabels, ylabels: a text for each column and each row; values: the numbers in their
--- cells (true up to 12 x 12); lo, hi: the numbers at the ends of the colours; colour ("heat", or "gray")
--- Raises when xlabels or ylabels have another number of texts, and for unknown options.
---@param data any  see above
---@param given? gradus.HeatmapOptions
---@return gradus.Figure
function plot.heatmap(data, given) end

--- How often values occur, in bins of equal width from the least to the greatest; numpy.histogram's counts.
---   gr.plot.hist(net.layers[1].w, { bins = 20, title = "weights" })
--- values: a tensor of any shape, or a list; what is not finite is left out.
--- Options: those of line but dashed and marks; bins (10); range ({ lo, hi }); density (false): the area of all bars is
--- 1
--- Raises when there is no finite number, and for unknown options.
---@param data any  see above
---@param given? gradus.HistOptions
---@return gradus.Figure
function plot.hist(data, given) end

--- One image: a pixel for each number, row 1 on top.
---   gr.plot.image(train.x[1]:reshape(28, 28), { title = "발목 부츠" })
--- pixels: a matrix (height x width), dark for its least number and bright for its greatest, as imshow has it with cmap
--- "gray"; or height x width x 3, red, green and blue from 0 to 1. A list of rows will do.
--- Options: title, xlabel, ylabel; lo, hi: the numbers that are black and white; colour ("gray", or "heat"); scale
--- (false): the colours with their numbers beside it
--- Raises for a vector or a row of pixels, with the reshape that helps, and for unknown options.
---@param data any  see above
---@param given? gradus.ImageOptions
---@return gradus.Figure
function plot.image(data, given) end

--- Many images in a grid, row by row, each with its caption below it.
---   gr.plot.images(test.x["1:25"], { size = { 28, 28 }, captions = names, columns = 5 })
--- images: n x height x width, n x height x width x 3, n x pixels with size = { height, width }; or a list of matrices,
--- also of different sizes. Each has its own range from black to white unless lo and hi are given.
--- Options: title; captions: a text for each; columns (all in one row up to 5, else a square); size; lo, hi; colour
--- ("gray", or "heat")
--- Raises when captions has another number of texts, for sizes that do not fit, for more than 1000 images, and for
--- unknown options.
---@param data any  see above
---@param given? gradus.ImagesOptions
---@return gradus.Figure
function plot.images(data, given) end

--- Lines through points: one series or several, each in a colour of its own.
---   gr.plot.line(history.loss)                                       -- y; x counts from 1
---   gr.plot.line(x, y)                                               -- vectors: tensors or lists, of the same length
---   gr.plot.line({ train, test }, { legend = { "train", "test" } })  -- several y
---   gr.plot.line(x, { y1, y2 })                                      -- one x for all; { x1, x2 } one for each
---   gr.plot.line { { x1, y1 }, { x2, y2 } }                          -- pairs of vectors
---   gr.plot.line(gr.linspace(-5, 5, 101), { math.sin, math.cos })    -- functions of a number, with their x
--- The columns of a matrix are series too. NaN and infinite numbers are gaps.
--- Options: title, xlabel, ylabel; legend (a text for each series); xlim, ylim ({ lo, hi }); xticks, yticks (positions,
--- or { position, "text" }); dashed (true, or a list of the series that are); marks (false): a dot at each point
--- Raises when vectors are empty or differ in length, when legend has another number of texts, and for unknown options.
---@param data any  see above
---@param given? gradus.LineOptions
---@return gradus.Figure
function plot.line(data, given) end

--- An arrow at each point, as matplotlib's quiver with angles="xy".
---   gr.plot.quiver(x, y, -dx, -dy, { title = "gradient" })
--- x, y: where arrows begin; dx, dy: where they point; tensors of any shape, or lists, with as many numbers.
--- Options: title, xlabel, ylabel, xlim, ylim, xticks, yticks; scale: how much longer than (dx, dy) they are drawn (so
--- that they just do not overlap)
--- Raises when the numbers are not as many, and for unknown options.
---@param data any  see above
---@param given? gradus.QuiverOptions
---@return gradus.Figure
function plot.quiver(data, given) end

--- Points, one series or several, and a line among them where one is asked for.
---   gr.plot.scatter(x, y)                                              -- vectors; or a tensor of 2 columns
---   gr.plot.scatter(x, y, { line = { w, b } })                         -- with the line y = w x + b
---   gr.plot.scatter(x, y, { line = { { x1, x2 }, { y1, y2 } } })       -- with the line through these points
---   gr.plot.scatter(x, y, { fit = true })                              -- with the line of least squares, and its equation
---   gr.plot.scatter(x, y, { classes = labels, legend = { "no", "yes" } })   -- a colour for each class
---   gr.plot.scatter(x, { y1, y2 })                                     -- several series, as in line
--- Options: those of line but dashed and marks; line; fit (false); classes: labels 0, 1, ..., as many as points, or
--- one-hot rows
--- legend has a text for each series or class, and may have one more for each line.
--- Raises when vectors are empty or differ in length, and for unknown options.
---@param data any  see above
---@param given? gradus.ScatterOptions
---@return gradus.Figure
function plot.scatter(data, given) end

--- A function of two numbers as a surface, seen from the side.
---   gr.plot.surface(function(x, y) return x ^ 2 / 20 + y ^ 2 end, { xlim = { -10, 10 }, ylim = { -5, 5 } })
--- f or a matrix, as in contour.
--- Options: title, xlabel, ylabel, xticks, yticks, xlim, ylim; grid (41)
--- Raises when f does not give a number, and for unknown options.
---@param data any  see above
---@param given? gradus.SurfaceOptions
---@return gradus.Figure
function plot.surface(data, given) end

--- what `require "gradus"` gives.
---@class gradus
---@field version string
---@field random gradus.random
---@field linalg gradus.linalg
---@field nn gradus.nn
---@field optim gradus.optim
---@field data gradus.data
---@field metrics gradus.metrics
---@field check gradus.check
---@field lab gradus.lab
---@field assignment gradus.assignment
---@field backpropreport gradus.backpropreport
---@field figure gradus.figure
---@field plot gradus.plot
local gr = {}

--- Sum, element by element. Written a + b.
--- Formula: y = a + b
--- Gradient: da += dy, db += dy
---@param a any
---@param b any
---@return gradus.Tensor
function gr.add(a, b) end

--- Difference, element by element. Written a - b.
--- Formula: y = a - b
--- Gradient: da += dy, db -= dy
---@param a any
---@param b any
---@return gradus.Tensor
function gr.sub(a, b) end

--- Product, element by element. Written a * b; for matrix products see dot.
--- Formula: y = a b
--- Gradient: da += dy b, db += dy a
---@param a any
---@param b any
---@return gradus.Tensor
function gr.mul(a, b) end

--- Quotient, element by element. Written a / b.
--- Formula: y = a / b
--- Gradient: da += dy / b, db -= dy y / b
---@param a any
---@param b any
---@return gradus.Tensor
function gr.div(a, b) end

--- Power, element by element. Written a ^ b. Where a is 0 or less, b gets no gradient.
--- Formula: y = a^b
--- Gradient: da += dy b a^(b-1), db += dy y ln a
---@param a any
---@param b any
---@return gradus.Tensor
function gr.pow(a, b) end

--- The larger of two, element by element; NaN if either is.
--- Formula: y = max(a, b)
--- Gradient: the larger gets dy; both half of it when equal
---@param a any
---@param b any
---@return gradus.Tensor
function gr.maximum(a, b) end

--- The smaller of two, element by element; NaN if either is.
--- Formula: y = min(a, b)
--- Gradient: the smaller gets dy; both half of it when equal
---@param a any
---@param b any
---@return gradus.Tensor
function gr.minimum(a, b) end

--- Less than, element by element.
--- Formula: y = 1 where a < b, else 0
---@param a any
---@param b any
---@return gradus.Tensor
function gr.lt(a, b) end

--- Less or equal, element by element.
--- Formula: y = 1 where a <= b, else 0
---@param a any
---@param b any
---@return gradus.Tensor
function gr.le(a, b) end

--- Greater than, element by element.
--- Formula: y = 1 where a > b, else 0
---@param a any
---@param b any
---@return gradus.Tensor
function gr.gt(a, b) end

--- Greater or equal, element by element.
--- Formula: y = 1 where a >= b, else 0
---@param a any
---@param b any
---@return gradus.Tensor
function gr.ge(a, b) end

--- Equal, element by element (a == b compares whole tensors).
--- Formula: y = 1 where a = b, else 0
---@param a any
---@param b any
---@return gradus.Tensor
function gr.eq(a, b) end

--- Different, element by element.
--- Formula: y = 1 where a is not b, else 0
---@param a any
---@param b any
---@return gradus.Tensor
function gr.ne(a, b) end

--- Opposite. Written -x.
--- Formula: y = -x
--- Gradient: dx -= dy
---@param x any
---@return gradus.Tensor
function gr.neg(x) end

--- Exponential. Overflows to infinity above 709.78 (f64), 88.7 (f32).
--- Formula: y = e^x
--- Gradient: dx += dy y
---@param x any
---@return gradus.Tensor
function gr.exp(x) end

--- Natural logarithm. -inf at 0, NaN below.
--- Formula: y = ln x
--- Gradient: dx += dy / x
---@param x any
---@return gradus.Tensor
function gr.log(x) end

--- Square root. NaN below 0.
--- Formula: y = sqrt(x)
--- Gradient: dx += dy / (2 y)
---@param x any
---@return gradus.Tensor
function gr.sqrt(x) end

--- Absolute value. Its gradient at 0 is taken as 0.
--- Formula: y = |x|
--- Gradient: dx += dy sign(x)
---@param x any
---@return gradus.Tensor
function gr.abs(x) end

--- Sign.
--- Formula: y = -1, 0 or 1
--- Gradient: 0
---@param x any
---@return gradus.Tensor
function gr.sign(x) end

--- Rounded down, as in NumPy: floor of -0.5 is -1. (x + 0.5):floor() rounds to the nearest.
--- Formula: y = the largest whole number up to x
--- Gradient: 0
---@param x any
---@return gradus.Tensor
function gr.floor(x) end

--- Sine of radians.
--- Formula: y = sin x
--- Gradient: dx += dy cos x
---@param x any
---@return gradus.Tensor
function gr.sin(x) end

--- Cosine of radians.
--- Formula: y = cos x
--- Gradient: dx -= dy sin x
---@param x any
---@return gradus.Tensor
function gr.cos(x) end

--- Hyperbolic tangent.
--- Formula: y = tanh x
--- Gradient: dx += dy (1 - y^2)
---@param x any
---@return gradus.Tensor
function gr.tanh(x) end

--- Logistic function. Saturates to 0 and 1 without overflow.
--- Formula: y = 1 / (1 + e^-x)
--- Gradient: dx += dy y (1 - y)
---@param x any
---@return gradus.Tensor
function gr.sigmoid(x) end

--- Rectifier (Nair & Hinton 2010). Its gradient at 0 is taken as 0.
--- Formula: y = max(x, 0)
--- Gradient: dx += dy where x > 0
---@param x any
---@return gradus.Tensor
function gr.relu(x) end

--- Rectifier that leaks (Maas, Hannun & Ng 2013): slope is 0.01 unless given. Its gradient at 0 is taken as slope.
--- Formula: y = x where x > 0, else slope x
--- Gradient: dx += dy where x > 0, else slope dy
---@param x any
---@param slope? number
---@return gradus.Tensor
function gr.leaky_relu(x, slope) end

--- Exponential linear unit (Clevert, Unterthiner & Hochreiter 2016): goes to -alpha, which is 1 unless given.
--- Formula: y = x where x > 0, else alpha (e^x - 1)
--- Gradient: dx += dy where x > 0, else dy alpha e^x
---@param x any
---@param alpha? number
---@return gradus.Tensor
function gr.elu(x, alpha) end

--- Gaussian error linear unit (Hendrycks & Gimpel 2016), exact. 0 at -inf.
--- Formula: y = x P(x), P(x) = (1 + erf(x / sqrt 2)) / 2
--- Gradient: dx += dy (P(x) + x e^(-x^2 / 2) / sqrt(2 pi))
---@param x any
---@return gradus.Tensor
function gr.gelu(x) end

--- Smooth rectifier (Dugas et al. 2001), without overflow.
--- Formula: y = ln(1 + e^x)
--- Gradient: dx += dy / (1 + e^-x)
---@param x any
---@return gradus.Tensor
function gr.softplus(x) end

--- Values held between lo and hi; nil leaves a side open.
--- Formula: y = min(max(x, lo), hi)
--- Gradient: dx += dy where lo <= x <= hi
---@param x any
---@param lo? number
---@param hi? number
---@return gradus.Tensor
function gr.clip(x, lo, hi) end

--- Softmax of each row (of a vector: of the whole).
--- Formula: y_j = e^(x_j - m) / sum_k e^(x_k - m), m = max x
--- Gradient: dx_j += y_j (dy_j - sum_k dy_k y_k)
---@param x any
---@return gradus.Tensor
function gr.softmax(x) end

--- Cross entropy of softmax(x), from scores x (m, k) and targets t: labels 0..k-1 (m), or one-hot or probabilities (m,
--- k).
--- Formula: y = mean over rows of ln sum_k e^(x_k - x_t)
--- Gradient: dx += dy (softmax(x) - t) / m, dt += dy (ln sum_k e^x_k - x) / m where t is (m, k)
---@param x any
---@param t any
---@return gradus.Tensor
function gr.softmax_cross_entropy(x, t) end

--- Binary cross entropy of sigmoid(x), from scores x and targets t in 0..1 of the same shape: sum over outputs, mean
--- over rows.
--- Formula: y = sum of max(x, 0) - x t + ln(1 + e^-|x|), divided by the rows m
--- Gradient: dx += dy (sigmoid(x) - t) / m, dt -= dy x / m
---@param x any
---@param t any
---@return gradus.Tensor
function gr.logistic_loss(x, t) end

--- Binary cross entropy from probabilities x, with targets t in 0..1 of the same shape: sum over outputs, mean over
--- rows. Ends are held as in PyTorch.
--- Formula: y = -sum of t L(x) + (1 - t) L(1 - x), divided by the rows m, L(p) = max(ln p, -100)
--- Gradient: dx += dy (x - t) / max(x (1 - x), 1e-12) / m, dt += dy (L(1 - x) - L(x)) / m
---@param x any
---@param t any
---@return gradus.Tensor
function gr.binary_cross_entropy(x, t) end

--- Negative log likelihood from probabilities x (m, k) and targets t: labels 0..k-1 (m), or one-hot or probabilities
--- (m, k).
--- Formula: y = -mean over rows of L(x_t), L(p) = max(ln p, -100)
--- Gradient: dx_t -= dy / max(x_t, 1e-12) / m, dt -= dy L(x) / m where t is (m, k)
---@param x any
---@param t any
---@return gradus.Tensor
function gr.nll(x, t) end

--- Sum over an axis, or of everything.
--- Formula: y = sum of x, pairwise as NumPy does
--- Gradient: dx += dy
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.sum(x, axis, keep) end

--- Mean over an axis, or of everything.
--- Formula: y = sum of x / n
--- Gradient: dx += dy / n
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.mean(x, axis, keep) end

--- Variance, divided by n.
--- Formula: y = sum of (x - mean)^2 / n
--- Gradient: dx += dy 2 (x - mean) / n
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.var(x, axis, keep) end

--- Standard deviation, divided by n.
--- Formula: y = sqrt(sum of (x - mean)^2 / n)
--- Gradient: dx += dy (x - mean) / (n y), 0 where y is 0
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.std(x, axis, keep) end

--- Median over an axis, or of everything.
--- Formula: y = the middle value, or the mean of the two
--- Gradient: the middle values get dy, or half of it each
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.median(x, axis, keep) end

--- Smallest value over an axis, or of everything; NaN if there is one.
--- Formula: y = min x
--- Gradient: the first smallest gets dy
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.min(x, axis, keep) end

--- Largest value over an axis, or of everything; NaN if there is one.
--- Formula: y = max x
--- Gradient: the first largest gets dy
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.max(x, axis, keep) end

--- Position, from 1, of the first smallest value.
--- Formula: y = position of min x
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.argmin(x, axis, keep) end

--- Position, from 1, of the first largest value.
--- Formula: y = position of max x
---@param x any
---@param axis? integer  which axis, from 1, or from the end: -1 is the last
---@param keep? boolean  true: the axis stays, with size 1
---@return gradus.Tensor
function gr.argmax(x, axis, keep) end

--- Matrix product; of two vectors the inner product. a:T():dot(b) does not copy a.
--- Formula: y = a b
--- Gradient: da += dy b^T, db += a^T dy
---@param a any
---@param b any
---@return gradus.Tensor
function gr.dot(a, b) end

--- Matrix product plus a vector added to each row: a fully connected layer.
--- Formula: y = x w + b
--- Gradient: dx += dy w^T, dw += x^T dy, db += column sums of dy
---@param x any
---@param w any
---@param b any
---@return gradus.Tensor
function gr.affine(x, w, b) end

--- Transposed matrix; a vector stays as it is. Reads x when it is used, so it follows changes of x.
--- Formula: y_ij = x_ji
--- Gradient: dx += dy^T
---@param x any
---@return gradus.Tensor
function gr.T(x) end

--- Recurrent layer (Elman 1990) over sequences: all its states.
--- Formula: y = tanh(x w + h u + b)
--- Gradient: through time: dz = (dy + what the next step sends) (1 - y^2), dx += dz w^T, dw += x^T dz, du += h^T dz, db
--- += dz
---@param x any
---@param w any
---@param u any
---@param b any
---@return gradus.Tensor
function gr.rnn(x, w, u, b) end

--- Recurrent layer of rectifiers (Le, Jaitly & Hinton 2015) over sequences: all its states.
--- Formula: y = max(x w + h u + b, 0)
--- Gradient: as for rnn, with dz = dy + what the next step sends where y > 0
---@param x any
---@param w any
---@param u any
---@param b any
---@return gradus.Tensor
function gr.rnn_relu(x, w, u, b) end

--- Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over sequences: all
--- its states. Gates in the order i f g o.
--- Formula: i, f, o = s(x w_i + h u_i + b_i), ..., g = tanh(x w_g + h u_g + b_g), c = f c_before + i g, y = o tanh(c)
--- Gradient: through time, as for rnn, and along c by f
---@param x any
---@param w any
---@param u any
---@param b any
---@return gradus.Tensor
function gr.lstm(x, w, u, b) end

--- Gated recurrent unit (Cho et al. 2014, in the form that resets after the product) over sequences: all its states.
--- Gates in the order r z n.
--- Formula: r, z = s(x w_r + h u_r + b_r), ..., n = tanh(x w_n + b_n + r (h u_n + c)), y = (1 - z) n + z h
--- Gradient: through time, as for rnn, and along y by z; dc += the sum of dn r
---@param x any
---@param w any
---@param u any
---@param b any
---@param c any
---@return gradus.Tensor
function gr.gru(x, w, u, b, c) end

--- The same elements in row order under other sizes, one of which may be -1. Shares memory with x.
--- Formula: y = x, in other sizes
--- Gradient: dx += dy
---@param x any
---@param sizes integer...  one after the other or in a table
---@return gradus.Tensor
function gr.reshape(x, sizes) end

--- All elements in row order, copied; reshape(-1) shares memory with x instead.
--- Formula: y = x as a vector
--- Gradient: dx += dy
---@param x any
---@return gradus.Tensor
function gr.flatten(x) end

--- Rows (of a vector: elements) at the given positions, which count from 1 and may repeat.
--- Formula: y_i = x_rows(i)
--- Gradient: dx_rows(i) += dy_i
---@param x any
---@param rows any
---@return gradus.Tensor
function gr.take(x, rows) end

--- Tensors joined along an axis (the first, unless given).
--- Formula: y = the x one after the other
--- Gradient: each dx += its part of dy
---@param ... any
---@return gradus.Tensor
function gr.concat(...) end

--- f32 or f64. Written x:to("f32").
--- Formula: y = x, in another type
--- Gradient: dx += dy
---@param x any
---@param dtype? string  "f64" or "f32"
---@return gradus.Tensor
function gr.to(x, dtype) end

--- The same values on the same memory, without x's history: no gradient flows through.
--- Formula: y = x
---@param x any
---@return gradus.Tensor
function gr.detach(x) end

--- A copy on memory of its own.
--- Formula: y = x
--- Gradient: dx += dy
---@param x any
---@return gradus.Tensor
function gr.clone(x) end

--- The rows of w (count, size) that the whole numbers in x ask for, which count from 0, as labels do, and may repeat.
--- Formula: y_i = w_x(i)
--- Gradient: dw_x(i) += dy_i
---@param w any
---@param x any
---@return gradus.Tensor
function gr.embedding(w, x) end

--- Inverted dropout (Srivastava et al. 2014, section 10): p is 0.5 unless given. draws holds the key of a stream of
--- masks and how many were drawn: each call draws the next, and counts.
--- Formula: y = x s, s = 0 with probability p, else 1 / (1 - p)
--- Gradient: dx += dy s
---@param x any
---@param draws any
---@param p? number
---@return gradus.Tensor
function gr.dropout(x, draws, p) end

--- Batch normalisation in training (Ioffe & Szegedy 2015, algorithm 1): features are on the second axis; momentum is
--- 0.1 and eps 1e-5 unless given. Moves running_mean and running_var by momentum towards the batch's mean and variance
--- (divided by n - 1).
--- Formula: y = gamma x^ + beta, x^ = (x - mean) / sqrt(var + eps), mean and var of each feature
--- Gradient: with s = gamma / sqrt(var + eps): dx += s (dy - mean dy - x^ mean(dy x^)), dgamma += sum dy x^, dbeta +=
--- sum dy
---@param x any
---@param gamma any
---@param beta any
---@param running_mean any
---@param running_var any
---@param momentum? number
---@param eps? number
---@return gradus.Tensor
function gr.batch_norm(x, gamma, beta, running_mean, running_var, momentum, eps) end

--- Batch normalisation after training, by the running mean and variance, which get no gradient (Ioffe & Szegedy 2015,
--- algorithm 2).
--- Formula: y = gamma x^ + beta, x^ = (x - running_mean) / sqrt(running_var + eps)
--- Gradient: dx += dy gamma / sqrt(running_var + eps), dgamma += sum dy x^, dbeta += sum dy
---@param x any
---@param gamma any
---@param beta any
---@param running_mean any
---@param running_var any
---@param eps? number
---@return gradus.Tensor
function gr.batch_norm_eval(x, gamma, beta, running_mean, running_var, eps) end

--- Layer normalisation over the last axis (Ba, Kiros & Hinton 2016, eq. 4); eps is 1e-5 unless given.
--- Formula: y = gamma x^ + beta, x^ = (x - mean) / sqrt(var + eps), mean and var of each row
--- Gradient: with g = dy gamma: dx += (g - mean g - x^ mean(g x^)) / sqrt(var + eps), dgamma += sum dy x^, dbeta += sum
--- dy
---@param x any
---@param gamma any
---@param beta any
---@param eps? number
---@return gradus.Tensor
function gr.layer_norm(x, gamma, beta, eps) end

--- Convolution of images x (batch, c, h, w) with w (out, c, kh, kw), plus b (out): as every library has it, w is not
--- turned round (LeCun et al. 1998; Dumoulin & Visin 2016).
--- Formula: y_oij = b_o + sum_cuv w_ocuv x_c(i s + u - p)(j s + v - p)
--- Gradient: dw_ocuv += sum_ij dy_oij x_c(i s + u - p)(j s + v - p), db_o += sum_ij dy_oij, dx_c(i s + u - p)(j s + v -
--- p) += sum_o w_ocuv dy_oij
---@param x any
---@param w any
---@param b any
---@param stride? integer|integer[]  a number or {down, across}
---@param padding? integer|integer[]  a number or {down, across}
---@return gradus.Tensor
function gr.conv2d(x, w, b, stride, padding) end

--- The largest pixel of each window, channel by channel; NaN if there is one.
--- Formula: y_cij = max_uv x_c(i s + u - p)(j s + v - p), inside the image
--- Gradient: the first largest of each window gets dy
---@param x any
---@param kernel? integer|integer[]  a number or {down, across}
---@param stride? integer|integer[]  a number or {down, across}
---@param padding? integer|integer[]  a number or {down, across}
---@return gradus.Tensor
function gr.max_pool2d(x, kernel, stride, padding) end

--- The mean of each window, channel by channel; zeros of the padding count.
--- Formula: y_cij = sum_uv x_c(i s + u - p)(j s + v - p) / (kh kw)
--- Gradient: dx += dy / (kh kw) in each window
---@param x any
---@param kernel? integer|integer[]  a number or {down, across}
---@param stride? integer|integer[]  a number or {down, across}
---@param padding? integer|integer[]  a number or {down, across}
---@return gradus.Tensor
function gr.avg_pool2d(x, kernel, stride, padding) end

--- Numbers from `from` in steps, `to` left out, as in NumPy. With one number: from 0 up to it.
---@param from number
---@param to number  not reached
---@param step? number  1 unless given
---@param dtype? string
---@return gradus.Tensor
function gr.arange(from, to, step, dtype) end

--- Seconds of a clock that only runs forward, for timing: the difference of two readings is the time between them.
--- os.clock counts the work of all threads instead, and may count what OpenBLAS does in waiting.
---@return number
function gr.clock() end

--- The identity matrix: ones on the diagonal.
---@param n integer  rows and columns
---@param dtype? string
---@return gradus.Tensor
function gr.eye(n, dtype) end

--- One value in all places.
---@param sizes integer[]  as a table, { 2, 3 }
---@param value number
---@param dtype? string
---@return gradus.Tensor
function gr.full(sizes, value, dtype) end

--- Prints the graph that y was computed by: one line for each tensor, inputs before results, with its operator, name,
--- shape, value (or the first few) and gradient where there is one.
---@param y any  a recorded tensor
function gr.graph(y) end

--- Prints what there is to know of a name, function, object or module; or what mentions the words. Nothing: where to
--- start. At the prompt `help` is this function, and `? dense` is help "dense"; outside, `gradus help dense`.
---@param topic? any
function gr.help(topic) end

--- A number that a loss or a layer uses and that may change between steps, as a tensor: a replayed step sees what it is
--- now. Change it with knob:fill_(value).
---@param value number
---@param dtype? string  "f64" or "f32": that of the tensors that it meets
function gr.knob(value, dtype) end

--- n numbers at equal distances from `from` to `to`, both ends in.
---@param from number
---@param to number
---@param n? integer  50 unless given
---@param dtype? string
---@return gradus.Tensor
function gr.linspace(from, to, n, dtype) end

--- Runs f(...) without recording: what it computes remembers nothing and can have no gradient. Returns what f returns;
--- an error in f passes through.
---@param f function
function gr.no_grad(f) end

--- Gradient of f at x by central differences: (f(x + h) - f(x - h)) / 2h for each element in turn. x may be a tensor; a
--- table of tensors or a net, for a table of gradients under the same keys or in the order of its parameters; or a
--- number. f is called with x itself, changed in one element, so it may also reach x in its own way. Where f's
--- operators can be recorded, only what depends on the element is computed for each, from the graph of one call: the
--- figures differ from those of whole calls by rounding alone.
--- Options: plain (false): f is called anew for each element
--- Raises when f does not return one number, changes x, or gives two values for the same x.
---@param f function  of x, returns one number (Lua number or tensor)
---@param x any  tensor of any shape, a table of tensors, a net, or a number
---@param h? number  step, 1e-4 unless given (1e-2 where x is f32)
---@param given? { plain?: boolean }
---@return any # gradient in the shape of x
function gr.numerical_gradient(f, x, h, given) end

--- Ones in the sizes given.
---@param ... integer  sizes, or a table of them; a last "f64" or "f32" is the type
---@return gradus.Tensor
function gr.ones(...) end

--- An operator written in Lua: a function of 1 to 16 tensors. forward(a, b, ...) gives the result from the inputs'
--- values; backward(dy, a, b, ..., y) gives the gradient of each input from that of the result, nil where there is
--- none. Neither is recorded. Without backward no gradient flows. Replayed steps call both back.
--- Raises when they return something else than tensors of the right sizes.
---@param parts { forward: function, backward?: function, name?: string }
---@return function
function gr.op(parts) end

--- A leaf that collects gradients: y:backward() fills its grad. It shares memory with t: training it changes t, so give
--- it t:clone() where that matters.
---@param t any  a tensor, or what gr.tensor takes
---@param name? string  for messages and saved nets
---@return gradus.Tensor
function gr.param(t, name) end

--- A tensor of a number, a nested table, or a copy of a tensor.
--- Raises for rows of different lengths and for what is no number, naming the place.
---@param value any  number, nested table of numbers (or of tensors: rows), or tensor
---@param dtype? string  "f64" or "f32"; what --f32 says unless given
---@return gradus.Tensor
function gr.tensor(value, dtype) end

--- The different values, ascending; NaN last, once.
---@param t any
---@return gradus.Tensor
function gr.unique(t) end

--- Zeros in the sizes given.
---@param ... integer  sizes, or a table of them; a last "f64" or "f32" is the type
---@return gradus.Tensor
function gr.zeros(...) end

--- Starts a run with these settings.
---@param given table  settings and their usual values; name and seed among them, and out, the folder for pictures
---@return gradus.Run
function gr.run(given) end

return gr
