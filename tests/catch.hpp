#pragma once
// Catch2 is 2.13 on Debian 12 and 3.x elsewhere: tests include only this.
#if __has_include(<catch2/catch_test_macros.hpp>) // 3.x
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>

inline auto ContainsSubstring(const std::string& text) {
    return Catch::Matchers::Contains(text);
}
#endif
using Catch::Matchers::WithinAbs;
