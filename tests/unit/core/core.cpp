#include <tuban/core.hpp>

#include "catch.hpp"
#include "core/in_order.hpp"
#include "core/parallel.hpp"
#include "core/side_by_side.hpp"

#include <atomic>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

using namespace tuban;

TEST_CASE("A decimal keeps what the user wrote", "[core]") {
    CHECK(Decimal::parse("195.45") == Decimal{19545, 2});
    CHECK(Decimal::parse("-0.5") == Decimal{-5, 1});
    CHECK(Decimal::parse("1700") == Decimal{1700, 0});
    CHECK(Decimal::parse("195.45")->value() == 195.45);
    CHECK(Decimal::parse("-0.05")->text() == "-0.05");
    for (const char* bad :
         {"", "-", ".5", "1.", "1e3", "1,000", "１", " 1", "9223372036854775808", "nan"}) {
        INFO(bad);
        CHECK_FALSE(Decimal::parse(bad).has_value());
    }
}

TEST_CASE("A decimal becomes an exact integer or none", "[core]") {
    CHECK(Decimal::parse("195.45")->scaled(6) == 195'450'000);
    CHECK(Decimal::parse("0.0000001")->scaled(6) == std::nullopt);
    CHECK(Decimal::parse("1700")->scaled(4) == 17'000'000);
    CHECK(Decimal::parse("0.10")->scaled(1) == 1);
    CHECK(Decimal::parse("9000000000000000000")->scaled(2) == std::nullopt);
}

TEST_CASE("Areas round half-up as with a pencil", "[core]") {
    CHECK(area_dm2(12.345) == 1235); // stored as 12.3450000000000006
    CHECK(area_dm2(0.285) == 29);    // stored as 0.28499999999999998
    CHECK(area_dm2(1.005) == 101);   // stored as 1.00499999999999989
    CHECK(area_dm2(0.004999) == 0);
    CHECK(area_dm2(2'395'312'345.674) == 239'531'234'567);
    CHECK(whole_yuan(0.5) == 1);
    CHECK(whole_yuan(1'700'000.49) == 1'700'000);
}

TEST_CASE("Parts by largest remainder add up", "[core]") {
    const auto parts = largest_remainder(100, {1, 1, 1});
    CHECK(parts == std::vector<std::int64_t>{34, 33, 33});
    CHECK(largest_remainder(0, {0, 0}) == std::vector<std::int64_t>{0, 0});
    CHECK(
        largest_remainder(1'807'195, {40, 60}) == std::vector<std::int64_t>{722'878, 1'084'317}
    );
    const auto big = largest_remainder(9'000'000'000'000'000'000, {3, 5, 7});
    CHECK(big[0] + big[1] + big[2] == 9'000'000'000'000'000'000);
}

TEST_CASE("A loop gives each item once on any number of threads", "[core]") {
    const int threads = GENERATE(0, 1, 2, 7);
    std::vector<int> seen(10'000, 0);
    Execution execution;
    execution.threads = threads;
    parallel_for(seen.size(), execution, {"测试", "test"}, [&](std::size_t i) { ++seen[i]; });
    CHECK(std::accumulate(seen.begin(), seen.end(), 0) == 10'000);
    CHECK(*std::min_element(seen.begin(), seen.end()) == 1);
}

TEST_CASE("A loop stops when the caller says so", "[core]") {
    Execution execution;
    execution.threads = GENERATE(1, 2);
    execution.progress = [](double, const Text&) { return false; };
    const auto run = [&] { parallel_for(10, execution, {"测试", "test"}, [](std::size_t) {}); };
    try {
        run();
        FAIL("did not stop");
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::interrupted);
    }
}

TEST_CASE("The first failure of a loop reaches the caller", "[core]") {
    Execution execution;
    execution.threads = 1;
    CHECK_THROWS_AS(
        parallel_for(
            10,
            execution,
            {"测试", "test"},
            [](std::size_t i) {
                if (i == 3) {
                    throw std::runtime_error("three");
                }
            }
        ),
        std::runtime_error
    );
}

TEST_CASE("A table refuses columns of another length and suggests names", "[core]") {
    Table table;
    table.put(real_column(
        "road_distance_m",
        "距道路距离",
        "m",
        {1.0, std::nullopt, std::numeric_limits<double>::quiet_NaN()}
    ));
    CHECK(table.rows == 3);
    CHECK_FALSE(table.columns[0].number(1).has_value());
    CHECK_FALSE(table.columns[0].number(2).has_value());
    CHECK_THROWS_AS(table.put(text_column("a", "", {"x"})), Error);
    CHECK_THROWS_WITH(table.at("road_distance"), ContainsSubstring("road_distance_m"));
    CHECK(nearest_name("wehn", {"when", "name"}) == "when");
    CHECK_FALSE(nearest_name("xyzzy", {"when", "name"}).has_value());
    CHECK(nearest_name("图班编号", {"土地编号", "图斑编号"}) == "图斑编号"); // one character
    CHECK_FALSE(nearest_name("面积", {"位置", "名称"}).has_value()); // bytes alike say nothing
    // Two edits from the one, the whole of what was written in the other.
    CHECK(nearest_name("cost_wan", {"cost_yuan", "cost_wan_yuan"}) == "cost_wan_yuan");
    CHECK(nearest_name("area_h", {"area_ha", "area_m2"}) == "area_ha");
    CHECK(nearest_name("score", {"store", "scope"}) == "scope"); // one edit each: parts later
}

TEST_CASE("Areas and money are rounded half away from zero, in decimal", "[core]") {
    CHECK(area_dm2(12.345) == 1235); // stored as 12.3450000000000006…
    CHECK(area_dm2(0.285) == 29);    // stored as 0.28499999999999998
    CHECK(area_dm2(1.005) == 101);   // stored as 1.00499999999999989
    CHECK(area_dm2(0.2849) == 28);
    CHECK(area_dm2(0.0) == 0);
    CHECK(area_dm2(0.004999) == 0);
    CHECK(area_dm2(-12.345) == -1235);
    CHECK(area_dm2(-0.285) == -29);
    CHECK(area_dm2(-0.2849) == -28);
    CHECK(area_dm2(99'999'999.995) == 10'000'000'000);
    CHECK(area_dm2(99'999'999.99499) == 9'999'999'999);
    CHECK(whole_yuan(1.5) == 2);
    CHECK(whole_yuan(-1.5) == -2);
    CHECK(whole_yuan(-1.4999) == -1);
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(),
          std::numeric_limits<double>::infinity(),
          -9.1e18}) {
        CHECK_THROWS_AS(area_dm2(bad), Error);
        CHECK_THROWS_AS(whole_yuan(bad), Error);
    }
}

TEST_CASE("An error says where", "[core]") {
    const Error error(
        ErrorCode::invalid_project, {"不认识的键", "unknown key"}, {"p.yaml", 5, 9}
    );
    CHECK(full_message(error).zh == "p.yaml:5:9: 不认识的键");
    CHECK(std::string(error.what()) == "p.yaml:5:9: unknown key");
}

TEST_CASE("What is made at once is taken in order", "[core]") {
    constexpr std::size_t n = 1000;
    for (const int threads : {1, 2, 7}) {
        INFO(threads);
        Execution execution;
        execution.threads = threads;
        std::vector<std::size_t> made(n);
        std::vector<std::size_t> taken;
        parallel_in_order(
            n,
            execution,
            {"测试", "test"},
            [&](std::size_t i) { made[i] = i * i; },
            [&](std::size_t i) { taken.push_back(made[i]); }
        );
        std::vector<std::size_t> expected(n);
        for (std::size_t i = 0; i < n; ++i) {
            expected[i] = i * i;
        }
        CHECK(taken == expected);
    }
}

TEST_CASE("Making and taking in order stop at what is thrown", "[core]") {
    for (const int threads : {1, 2, 7}) {
        INFO(threads);
        Execution execution;
        execution.threads = threads;
        std::size_t taken = 0;
        const auto run = [&](std::size_t bad_to_make, std::size_t bad_to_take) {
            parallel_in_order(
                1000,
                execution,
                {"测试", "test"},
                [&](std::size_t i) {
                    if (i == bad_to_make) {
                        throw std::runtime_error("make");
                    }
                },
                [&](std::size_t i) {
                    if (i == bad_to_take) {
                        throw std::runtime_error("take");
                    }
                    ++taken;
                }
            );
        };
        CHECK_THROWS_WITH(run(500, 1000), "make");
        CHECK(taken <= 500); // nothing behind it, and nothing twice
        CHECK_THROWS_WITH(run(1000, 500), "take");
        execution.progress = [](double /*complete*/, const Text& /*stage*/) { return false; };
        CHECK_THROWS_AS(run(1000, 1000), Error);
    }
}

TEST_CASE(
    "Two things side by side both end, and the first one's failure goes first", "[core]"
) {
    for (const int threads : {1, 2}) {
        INFO(threads);
        Execution execution;
        execution.threads = threads;
        int first = 0;
        int second = 0;
        side_by_side(
            execution,
            [&](const Execution& /*part*/) { first = 1; },
            [&](const Execution& /*part*/) { second = 2; }
        );
        CHECK(first + second == 3);
        const auto fail = [](const char* what) {
            return [what](const Execution& /*part*/) { throw std::runtime_error(what); };
        };
        const auto idle = [](const Execution& /*part*/) {};
        CHECK_THROWS_WITH(side_by_side(execution, fail("first"), fail("second")), "first");
        CHECK_THROWS_WITH(side_by_side(execution, idle, fail("second")), "second");
    }
}

TEST_CASE("The second of two things stops when the first one fails", "[core]") {
    Execution execution;
    execution.threads = 2;
    bool stopped = false;
    const auto work = [&](const Execution& part) {
        try {
            for (;;) {
                report_progress(part, 0.0, {"测试", "test"});
            }
        } catch (const Error&) {
            stopped = true;
            throw;
        }
    };
    CHECK_THROWS_WITH(
        side_by_side(
            execution,
            [](const Execution& /*part*/) { throw std::runtime_error("first"); },
            work
        ),
        "first"
    );
    CHECK(stopped);
    // The caller is asked while the second still works.
    execution.progress = [](double /*complete*/, const Text& /*stage*/) { return false; };
    CHECK_THROWS_AS(
        side_by_side(
            execution, [](const Execution& /*part*/) {}, work
        ),
        Error
    );
}
