# make demo: the main job on both demo projects.  make test: every test.  Both install what is missing first.
.PHONY: demo test release dev lint format clean

export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)

demo: release
	scripts/demo

release:
	scripts/install build
	cmake --preset release -Wno-dev >build-configure.log 2>&1 || { cat build-configure.log; exit 1; }
	@rm -f build-configure.log
	cmake --build --preset release

test:
	scripts/install test
	scripts/test

dev:
	scripts/install test
	cmake --preset dev
	cmake --build --preset dev

lint:
	scripts/install test
	scripts/lint

format:
	git ls-files '*.cpp' '*.hpp' '*.h' | xargs clang-format -i

clean:
	rm -rf build out
