#pragma once
#include <tuban/core.hpp>
#include <tuban/table.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Rules over the plot table: who may take part, in which order, and why.
namespace tuban {

/// A condition as a user wrote it: a SQLite expression over the columns of one table, and where it stands.
struct Condition {
    std::string text;
    Where where; ///< of the first character of the text
};

/// Conditions compiled against one table, in a sandbox that can read that table and nothing else.
///
/// Names are columns or their Chinese aliases (rewritten to column names outside of literals; a column of that very
/// name wins); area_mu and cost_wan_yuan are exact views of area_m2 and cost_yuan where no column has that name.
/// Not to be shared by threads.
class TUBAN_EXPORT Conditions {
public:
    explicit Conditions(const Table& table);
    ~Conditions();
    Conditions(const Conditions&) = delete;
    Conditions& operator=(const Conditions&) = delete;
    Conditions(Conditions&&) = delete;
    Conditions& operator=(Conditions&&) = delete;

    /// Three-valued truth per row: 1, 0, or none for NULL.
    /// @throws Error{invalid_project} with file:line:column and a hint (unknown column → nearest name; full-width
    ///         punctuation; text in double quotes; another table; aggregate; sub-select; more than one expression).
    [[nodiscard]] std::vector<std::optional<bool>> truth(const Condition& condition);
    /// Value per row as a number; NULL and text that is no number are none. @throws as truth().
    [[nodiscard]] std::vector<std::optional<double>> number(const Condition& condition);
    /// The text as any SQLite runs it over `plots`: aliases rewritten, LIKE stored as GLOB.
    /// @throws Error{invalid_project} as truth(), and for functions of ours, which no other SQLite has.
    [[nodiscard]] std::string portable(const Condition& condition);
    /// Columns that a condition reads, in the table's order. @throws as truth().
    [[nodiscard]] std::vector<std::string> columns_read(const Condition& condition);
    /// Things that are legal and probably not meant (7/2 = 3, text compared with a number, x/0), for one condition.
    [[nodiscard]] std::vector<Text> warnings(const Condition& condition);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Where a rule came from: the project itself or a pack.
enum class Origin { project, pack };

struct Gate {
    std::string id;
    std::string name;
    std::string basis;
    Condition when;
    Origin origin = Origin::project;
};

/// A plot belongs to the first tier whose condition is true; plots that fit none come after the last.
struct Tier {
    std::string id;
    std::string name;
    std::string basis;
    Condition when;
    Origin origin = Origin::project;
};

/// Points by a condition (`when`, `points`) or by a curve over a column or expression (`of`, `curve`).
struct PointRule {
    std::string id;
    std::string name;
    std::string basis;
    std::optional<Condition> when;
    Decimal points{};
    std::optional<Condition> of;
    std::vector<std::pair<double, Decimal>>
        curve; ///< x strictly increasing; flat beyond both ends
    Origin origin = Origin::project;
};

struct Rules {
    std::vector<Gate> gates;
    std::vector<Tier> tiers;
    std::vector<PointRule> points;
};

/// One rule's part in one plot's score.
struct Contribution {
    std::size_t row = 0;
    std::string rule_id;
    std::string
        value; ///< what the rule looked at, as text ("road_distance_m = 329.4"); may be empty
    std::int64_t micro_points = 0; ///< 1e-6 points
};

/// Everything is (n) rows in the table's order.
struct Ranking {
    std::vector<std::uint8_t> eligible;
    /// id of the first gate not passed, or "held_out", "no_area" before any gate; "" if eligible
    std::vector<std::string> failed_gate;
    std::vector<std::optional<int>> tier; ///< from 1; none: fits no tier, or there are none
    std::vector<std::optional<std::int64_t>> score_micro; ///< 1e-6 points; none if not eligible
    std::vector<std::optional<int>> rank;    ///< from 1, without gaps, over the eligible
    std::vector<std::size_t> order;          ///< eligible rows, best first; ties by plot_id
    std::vector<Contribution> contributions; ///< by row, then rule order; those of 0 points too
    std::vector<Text> reasons;               ///< what put it there, or why it takes no part
    std::vector<Issue> issues; ///< missing values (0 points), conditions that were NULL
};

/// Judges the gates. A plot without an area (column area_m2 null) or held out is never eligible.
/// @param table  needs plot_id and area_m2
/// @param states (n) of Plots, or empty: all ok
/// @return `eligible`, `failed_gate` and the reasons of those left out; the rest empty
/// @throws Error{invalid_project} for a bad condition, Error{data_check_failed} if no plot has an area.
[[nodiscard]] TUBAN_EXPORT Ranking
judge_gates(const Table& table, const Rules& rules, const std::vector<PlotState>& states = {});

/// Ranks the eligible plots: tier first, points inside a tier, ties by plot_id in byte order.
///
/// Tiers and points make one score: a tier counts more than any sum of points below it, so score order is rank order
/// and the contributions add up to the score. A missing value gives 0 points and an Issue; a condition that is NULL is
/// false, with an Issue. Without rules every score is 0 and plot_id ranks.
/// @param judged  from judge_gates() over a table with the same rows; its reasons and issues are in the result as well
/// @throws Error{invalid_project} for a bad condition, curve or number of points.
[[nodiscard]] TUBAN_EXPORT Ranking
rank(const Table& table, const Rules& rules, const Ranking& judged);

/// Puts tier (integer), tier_name (text), score (real), rank (integer) into the table.
TUBAN_EXPORT void put_ranking(Table& table, const Ranking& ranking, const Rules& rules);

/// One thing that a use asks of a plot.
struct ReuseNeed {
    std::string name; ///< what people see; "": the condition
    Condition when;
};

/// A use that an abandoned pit may be put to: reservoir, pond, landfill, farm …
struct ReuseOption {
    std::string id;
    std::string name;
    std::string basis;
    std::vector<ReuseNeed> needs; ///< all of them
    Origin origin = Origin::project;
};

enum class ReuseAnswer : std::uint8_t {
    no,      ///< a need is not met
    unknown, ///< no need fails, but data for one are missing
    yes,     ///< every need is met
};

/// "no", "unknown", "yes": the words that files and programs read.
[[nodiscard]] TUBAN_EXPORT const char* name_of(ReuseAnswer answer) noexcept;

/// What the screening says of one plot and one use.
struct ReuseVerdict {
    std::size_t row = 0;
    std::size_t option = 0; ///< into the options
    ReuseAnswer answer = ReuseAnswer::unknown;
    Text reason; ///< the needs that fail, lack data, or are met, with what they looked at
};

struct ReuseScreening {
    std::vector<ReuseVerdict> verdicts; ///< by row, then by option
    std::vector<Issue> issues;          ///< columns that are not there
};

/// Judges every plot for every use. A need is met only if its condition is true and every column that it reads has a
/// value; one whose column is missing or null, or whose condition is NULL, is unknown, unless it is false all the same.
/// @param table  needs plot_id
/// @throws Error{invalid_project} for a bad condition
[[nodiscard]] TUBAN_EXPORT ReuseScreening
screen_reuse(const Table& table, const std::vector<ReuseOption>& options);

/// Puts reuse_options into the table: ids of the uses found fit, in their order, with commas; null where there is none.
TUBAN_EXPORT void put_reuse(
    Table& table, const ReuseScreening& screening, const std::vector<ReuseOption>& options
);

} // namespace tuban
