#pragma once
#include <tuban/spatial.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// What reading geometry has to say: faults of rings and repairs as Issues.
namespace tuban {

/// What was decided about the repair of one plot or feature.
struct JudgedRepair {
    const Repair& repair; ///< places of faults in longitude and latitude
    RepairState state = RepairState::applied;
    RepairLimit limit;
};

/// One fault of one row: name, ring and vertex. `at` is its first place.
[[nodiscard]] Issue fault_issue(const RingFault& fault, std::size_t row, const std::string& id);

/// What became of a polygon that had to be repaired: code repaired, repair_accepted or held_out.
[[nodiscard]] Issue
repair_issue(const JudgedRepair& judged, std::size_t row, const std::string& id);

/// Codes of the faults that only a repair (or leaving out) mends, as a comma list: the ledger's `rule`.
[[nodiscard]] std::string rule_of(const Repair& repair);

/// Notes that change nothing, gathered over the rows of a file: a national file has them by the thousand.
class FaultNotes {
public:
    void add(const RingFault& fault, std::size_t row);
    /// One Issue per code, with the number of rows, the first of them, and where the first is.
    [[nodiscard]] std::vector<Issue> issues() const;

private:
    struct Gathered {
        std::vector<std::size_t> first_rows;
        std::size_t rows = 0;
        RingFault first;
    };

    std::map<std::string, Gathered> notes_;
};

} // namespace tuban
