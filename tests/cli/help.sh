# gradus help: pages of the library's names, outside of a script.

try 'help has no overview behind the usage' 0 help
out_has 'usage: gradus'
out_has 'Where to start'
out_has 'Positions count from 1, class labels from 0.'
err ''

try 'a function has no page' 0 help dense
out_has 'nn.dense(inputs, outputs [, options]) -> Layer'
out_has 'print(layer('
err ''

try 'a page that goes to a file has colours' 0 help optim.sgd
out_lacks "$(printf '\033')"

try 'words behind help are not looked for together' 0 help learning rate
out_has 'optim.cosine'

try 'a name of another library leads nowhere' 0 help matmul
out_has 'gr.dot(a, b)'

try 'an unknown topic is no failure' 2 help sigmiod
out_has 'nn.sigmoid'
err ''

given help <<'END'
print "mine"
END
try 'a script named help cannot be run' 0 help
out 'mine'
rm help

try 'help in a script prints nothing' 0 -e 'gr.help "lstm" gr.help(net)'
out_has 'nn.lstm('
out_has 'Where to start'
