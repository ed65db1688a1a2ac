--- help_topics: what help tells of that is no name of the library: the program's commands, pages to be read through, words of the field,
--- and Korean words for what is here. Keys are lower-case.

--- What is typed behind `gradus`, and what it does. The commands say more themselves.
local commands = {
  data = { "gradus data [NAME]", "Lists the data sets; tells about one, and fetches it if need be." },
  runs = {
    "gradus runs [DIR] [--where CONDITION] [--sort NAME] [--last N]",
    "Lists the records of runs, the newest last: --where \"accuracy > 0.9 and act == 'tanh'\". gradus runs --help tells more.",
  },
  show = {
    "gradus show RUN",
    "Tells of a recorded run on a page of text. RUN is a folder, a name or id, its beginning, or last.",
  },
  replay = {
    "gradus replay RUN [--trust]",
    "Runs a record again, from its texts, settings and seeds, and says: identical, or what differs first. Exit status 0 or 3. The script "
      .. "of a run that was not recorded here runs in a cell, without files; --trust runs it like one of your own.",
  },
  diff = {
    "gradus diff A B",
    "Where two runs part: settings, script, data, program, then the first epoch, step and parameter.",
  },
  report = {
    "gradus report RUN ... -o FILE.html",
    "One or several runs as a page for a browser, which needs nothing else.",
  },
  sweep = {
    "gradus sweep FILE.lua --NAME=a,b,c ...",
    "Runs a script with every combination of these settings, each in its own process and record. gradus sweep alone tells more.",
  },
  new = {
    "gradus new NAME",
    "Makes an assignment for a class: a small one that works, to be changed. gradus help teacher leads on from there.",
  },
  ["hand-out"] = {
    "gradus hand-out ASSIGNMENT --roster FILE.csv -o DIR",
    "Writes a folder for each student: the task, numbers of their own, the checks that they see. gradus help teacher tells more.",
  },
  check = {
    "gradus check [FOLDER or FILE]",
    "What a student's answer is worth so far, by the checks that students see. gradus help student tells more.",
  },
  grade = {
    "gradus grade ASSIGNMENT SUBMISSIONS -o DIR [-j N]",
    "Marks what a class handed in, each answer in a cell of its own: marks.csv, and pages. gradus help teacher tells more.",
  },
  help = {
    "gradus help [TOPIC]",
    'Tells about a function, a module, a command, a word. At the prompt: help "dense", or ? dense.',
  },
  version = { "gradus version", "The versions of the program, of Lua and of OpenBLAS." },
}

--- Pages of scripts/manual, and what each is, in the order in which they are read.
local pages = {
  { name = "student", summary = "an assignment: what you got, how to answer, check and hand in" },
  { name = "student.ko", summary = "과제 안내: 받은 파일, 답안 쓰는 법, 점검, 제출" },
  { name = "teacher", summary = "assignments from gradus new to marks" },
  { name = "cell", summary = "the cell in which answers run: what it guarantees, and what it does not" },
}
for _, page in ipairs(pages) do
  pages[page.name] = page
end

--- Words that name no function: what is said of them, and entries to go on with.
local words = {
  overfitting = {
    "The loss on the training data falls while that on other data rises: the net learns the examples by heart. validation in fit "
      .. "shows it; fewer parameters, more data, dropout, weight_decay and patience help. experiments/41_overfitting.lua does it.",
    { "net:fit", "nn.dropout", "optim.adamw", "data.split", "data.kfold" },
  },
  regularization = {
    "What keeps a net from learning the examples by heart: dropout, weight_decay (an option of the optimisers), and patience in fit.",
    { "nn.dropout", "optim.sgd", "optim.adamw", "net:fit" },
  },
  einsum = {
    "There is no einsum here: a:dot(b) is the product of matrices, a * b goes element by element, x:sum(axis) sums, x:T() transposes.",
    { "gr.dot", "gr.mul", "gr.sum", "gr.T" },
  },
  where = {
    "There is no where here: a comparison gives ones and zeros, and mask * a + (1 - mask) * b chooses by them. maximum, minimum "
      .. "and clip choose by themselves.",
    { "gr.gt", "gr.lt", "gr.maximum", "gr.clip" },
  },
  numpy = {
    "gr is here what np is in Python, gr.random np.random, gr.linalg np.linalg: gr.tensor makes an array. A tensor as a table of "
      .. "numbers is x:totable(); .npy and .npz files are read by gr.data. Positions count from 1.",
    { "gr.tensor", "tensor:totable", "data.npy", "data.npz" },
  },
}
words.np, words.overfit, words.regularisation = words.numpy, words.overfitting, words.regularization

--- Korean words, with the topic that they are here.
local korean = {
  ["학습률"] = "learning rate",
  ["과적합"] = "overfitting",
  ["과대적합"] = "overfitting",
  ["정규화"] = "regularization",
  ["텐서"] = "tensor",
  ["행렬"] = "linalg",
  ["행렬곱"] = "gr.dot",
  ["역행렬"] = "linalg.inv",
  ["행렬식"] = "linalg.det",
  ["전치"] = "gr.T",
  ["기울기"] = "tensor:backward",
  ["역전파"] = "tensor:backward",
  ["수치미분"] = "gr.numerical_gradient",
  ["경사하강법"] = "optim.sgd",
  ["최적화"] = "optim",
  ["신경망"] = "nn",
  ["층"] = "layer",
  ["학습"] = "net:fit",
  ["에폭"] = "net:fit",
  ["배치"] = "net:fit",
  ["예측"] = "net:predict",
  ["정확도"] = "metrics.accuracy",
  ["손실"] = "loss",
  ["손실함수"] = "loss",
  ["평균제곱오차"] = "nn.mse",
  ["교차엔트로피"] = "nn.cross_entropy",
  ["활성화함수"] = "nn",
  ["시그모이드"] = "nn.sigmoid",
  ["소프트맥스"] = "nn.softmax",
  ["렐루"] = "nn.relu",
  ["드롭아웃"] = "nn.dropout",
  ["배치정규화"] = "nn.batch_norm",
  ["합성곱"] = "nn.conv2d",
  ["풀링"] = "nn.max_pool2d",
  ["초기화"] = "nn.init",
  ["난수"] = "random",
  ["데이터"] = "data",
  ["그래프"] = "plot",
  ["학생"] = "student.ko",
  ["과제"] = "student.ko",
  ["교사"] = "teacher",
  ["채점"] = "grade",
}

return { commands = commands, pages = pages, words = words, korean = korean }
