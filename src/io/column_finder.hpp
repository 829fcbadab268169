#pragma once
#include "io/national_schema.hpp"
#include "io/rows.hpp"

#include <string>
#include <vector>

/// Which column is meant by a name: the file's own, the national schema's, its Chinese label, or what a DBF left of it.
namespace tuban {

/// Gives names that a DBF cut at 10 bytes their end back where the schema has one name that begins so; tells of those
/// that could be several, and of columns that a join has doubled ("TBBH_1").
/// @return what was found, without file and layer
[[nodiscard]] std::vector<Issue> complete_names(Rows& rows, const Source& source);

/// Finds columns by what a project or the schema calls them.
class ColumnFinder {
public:
    ColumnFinder(const Rows& rows, const Source& source);

    /// The file's own name; then the national schema's name, label or other name for the same field; then ASCII in any
    /// case; then a DBF name cut at 10 bytes; then a name that a join has numbered ("TBBH_1"). Null also where several
    /// columns fit equally well.
    [[nodiscard]] const Column* find(const std::string& name) const;
    /// @param where  of the name in the project; none: the source's
    /// @throws Error{invalid_project} there, with the nearest name, or with the names that fit equally well.
    [[nodiscard]] const Column& require(const std::string& name, const Where& where = {}) const;
    /// As above; the place is looked up by the name.
    [[nodiscard]] const Column& require(
        const std::string& name, const std::vector<std::pair<std::string, Where>>& places
    ) const;
    /// The field of the national schema that a column is; null for none, and for all but the best where several are.
    [[nodiscard]] const NationalField* field_of(const Column& column) const;

private:
    struct Found {
        std::vector<const Column*> columns; ///< equally good; one: that it is
    };

    [[nodiscard]] Found look_up(const std::string& name) const;
    [[nodiscard]] Found of_field(const NationalField& field) const;
    [[nodiscard]] Found with_cut_name(const std::string& name) const;

    const Rows& rows_;
    const Source& source_;
};

} // namespace tuban
