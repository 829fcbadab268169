#pragma once
// A mixed-integer program in doubles and the one place that calls HiGHS.
#include <tuban/core.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace tuban::planning {

/// Tells the caller of schedule() how far it is, at most ten times a second, and asks whether to go on.
class Watch {
public:
    explicit Watch(const Execution& execution) : execution_(execution) {}

    /// A new part of the call; always reported. @throws Error{interrupted}.
    void stage(double complete, Text name);
    /// False: stop. What the caller's function throws is kept for rethrow().
    bool tick() noexcept;
    /// @throws what stopped the call.
    void rethrow() const;

private:
    const Execution& execution_;
    Text stage_;
    double complete_ = 0.0;
    std::chrono::steady_clock::time_point last_{};
    std::exception_ptr failure_;
    bool stopped_ = false;
};

struct Term {
    int column = 0;
    double value = 0.0;
};

struct MipOptions {
    double relative_gap = 0.0;
    double absolute_gap = 1e-6;
    std::int64_t seed = 0;
    std::optional<int> max_nodes;
};

/// What a solve came to: neither found nor infeasible only where `max_nodes` ended it.
struct MipResult {
    bool found = false;
    bool infeasible = false;
    std::vector<double> values; ///< (columns)
    double bound = 0.0;         ///< no solution is below it
};

class Mip {
public:
    int add_column(double lower, double upper, bool integer);
    void add_row(double lower, double upper, std::vector<Term> terms);
    void fix(int column, double value);
    /// Minimises. `start` may name integer columns of a known solution.
    [[nodiscard]] MipResult solve(
        const std::vector<Term>& objective,
        const std::vector<Term>& start,
        const MipOptions& options,
        Watch& watch
    ) const;

    [[nodiscard]] int columns() const { return static_cast<int>(lower_.size()); }

private:
    struct Row {
        double lower = 0.0;
        double upper = 0.0;
        std::vector<Term> terms;
    };

    void pass(void* highs, const std::vector<Term>& objective) const;

    std::vector<double> lower_;
    std::vector<double> upper_;
    std::vector<int> integer_;
    std::vector<Row> rows_;
};

/// "HiGHS 1.15.1"
std::string solver_name();
constexpr double infinity = 1e30;

} // namespace tuban::planning
