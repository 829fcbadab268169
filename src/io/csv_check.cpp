#include "io/csv_check.hpp"

#include "core/format.hpp"
#include "io/handles.hpp"
#include "io/source.hpp"

#include <cpl_vsi.h>

#include <array>
#include <memory>
#include <string_view>

namespace tuban {
namespace {

using File = std::unique_ptr<VSILFILE, CloseWith<&VSIFCloseL>>;

/// Goes through a CSV byte by byte, as GDAL splits it.
class CsvCheck {
public:
    explicit CsvCheck(const FileSpec& spec) : spec_(spec) {}

    void add(std::string_view bytes) {
        for (const char c : bytes) {
            add(c);
        }
    }

    void finish() {
        if (quoted_) {
            throw_unreadable(
                spec_,
                text(
                    "第 {} 行的双引号没有配对，其后的内容都会算作一个格子；请补上引号",
                    "the double quote in line {} has no end, and all that follows would be one "
                    "cell: close it",
                    quote_line_
                )
            );
        }
        end_record();
    }

private:
    void add(char c) {
        if (c == '\0') {
            throw_unreadable(
                spec_,
                text(
                    "第 {} 行第 {} 列含有零字节（NUL），文字里不该有：文件已损坏；请重新导出为 "
                    "CSV UTF-8",
                    "line {}, column {} has a zero byte (NUL), which is no text: the file is "
                    "damaged, export it anew as CSV UTF-8",
                    line_,
                    cells_ + 1
                )
            );
        }
        if (++record_bytes_ > most_record_bytes) {
            refuse_long_record();
        }
        if (c == '"') {
            quoted_ = !quoted_; // a doubled quote toggles twice
            quote_line_ = quoted_ ? line_ : quote_line_;
            blank_ = false;
        } else if (!quoted_ && is_separator(c)) {
            end_cell();
        } else if (!quoted_ && c == '\n') {
            end_record();
        } else if (c != ' ' && c != '\r' && c != '\t') {
            blank_ = false;
        }
        line_ += c == '\n' ? 1U : 0U;
    }

    /// The header tells: the first of them that it has, a comma where it has several.
    [[nodiscard]] bool is_separator(char c) {
        if (c != ',' && c != ';' && c != '\t' && c != '|') {
            return false;
        }
        if (in_header_) {
            separator_ = separator_ == '\0' || separator_ == c ? c : ',';
            ++seen_[c == ',' ? 0 : 1];
            return true;
        }
        return c == (separator_ == '\0' ? ',' : separator_);
    }

    /// GDAL gives up on longer lines.
    void refuse_long_record() const {
        throw_unreadable(
            spec_,
            text(
                "第 {0} 行太长（读到第 {2} 列已超过 {1} 万字节）；请检查这一格的内容和引号",
                "line {0} is too long (over {3} million bytes, reached in column {2}): check "
                "what is "
                "in that cell, and its quotes",
                line_,
                most_record_bytes / 10'000,
                cells_ + 1,
                most_record_bytes / 1'000'000
            )
        );
    }

    void end_cell() {
        ++cells_;
        if (in_header_ && cells_ > most_columns) {
            throw_too_many_columns(spec_);
        }
        last_filled_ = blank_ ? last_filled_ : cells_;
        blank_ = true;
    }

    void end_record() {
        end_cell();
        if (in_header_) {
            const bool mixed = separator_ == ',' && seen_[1] > 0;
            columns_ = mixed ? seen_[0] + 1 : cells_;
            in_header_ = false;
        } else if (last_filled_ > columns_) {
            throw_unreadable(
                spec_,
                text(
                    "第 {} 行有 {} 个格子，表头只有 {} "
                    "列；请检查分隔符，含分隔符的文字要用双引号括起",
                    "line {} has {} cells where the header has {} columns: check the "
                    "separators, "
                    "and put text that holds one in double quotes",
                    line_,
                    last_filled_,
                    columns_
                )
            );
        }
        cells_ = 0;
        last_filled_ = 0;
        record_bytes_ = 0;
    }

    const FileSpec& spec_;
    static constexpr std::size_t most_record_bytes = 10'000'000; ///< OGR_CSV_MAX_LINE_SIZE

    std::size_t line_ = 1;
    std::size_t record_bytes_ = 0;
    std::size_t quote_line_ = 1;
    bool quoted_ = false;
    bool in_header_ = true;
    char separator_ = '\0';
    std::array<std::size_t, 2> seen_{}; ///< in the header: commas, others
    std::size_t cells_ = 0;
    std::size_t last_filled_ = 0; ///< cells up to the last that is not blank
    std::size_t columns_ = 0;
    bool blank_ = true; ///< the cell so far
};

} // namespace

void check_csv(const std::string& name, const FileSpec& spec) {
    constexpr std::size_t stretch_bytes = 1U << 18U;
    const File file(VSIFOpenL(name.c_str(), "rb"));
    std::string buffer(stretch_bytes, '\0');
    CsvCheck check(spec);
    while (file) {
        const std::size_t got = VSIFReadL(buffer.data(), 1, buffer.size(), file.get());
        if (got == 0) {
            break;
        }
        check.add(std::string_view(buffer).substr(0, got));
    }
    check.finish();
}

} // namespace tuban
