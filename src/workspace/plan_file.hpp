#pragma once
#include <tuban/table.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// plan.gpkg read back, for those who judge or explain it from the file alone.
namespace tuban {

/// The tables of a plan file by name.
struct PlanFile {
    std::string file;
    std::map<std::string, Table> tables;

    /// A table that read_plan_file() has made sure of.
    [[nodiscard]] const Table& at(const std::string& name) const { return tables.at(name); }

    /// Value of a key of table `run`; none if it is not there.
    [[nodiscard]] std::optional<std::string> run_value(const std::string& key) const;
};

/// @throws Error{unreadable_input} if the file cannot be read, or lacks a table or column that a plan has.
[[nodiscard]] PlanFile read_plan_file(const std::string& file);

} // namespace tuban
