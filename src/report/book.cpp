#include "report/book.hpp"

#include <tuban/error.hpp>

#include "core/format.hpp"
#include "workspace/palette.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace tuban {
namespace {

constexpr std::time_t fixed_time = 946'684'800; // 2000-01-01T00:00:00Z

lxw_row_t row_of(Cell cell) {
    return static_cast<lxw_row_t>(cell.row);
}

lxw_col_t column_of(Cell cell) {
    return static_cast<lxw_col_t>(cell.column);
}

int colour_number(std::string_view colour) {
    int value = 0;
    std::from_chars(colour.data() + 1, colour.data() + colour.size(), value, 16);
    return value;
}

/// The colour mixed with white: dark text stays readable on it, in print too.
lxw_color_t tint(std::string_view colour) {
    const int value = colour_number(colour);
    int mixed = 0;
    for (const int shift : {16, 8, 0}) {
        const int channel = value / (1 << shift) % 256;
        mixed += (255 - (255 - channel) * 35 / 100) * (1 << shift);
    }
    return static_cast<lxw_color_t>(mixed);
}

[[noreturn]] void fail_writing(const std::string& file, const std::string& why) {
    throw Error(
        ErrorCode::unwritable_output,
        text(
            "写不出工作簿（{}），请检查文件夹权限和剩余空间",
            "cannot write the workbook ({}): check the folder's permissions and free space",
            why
        ),
        {file, 0, 0}
    );
}

} // namespace

std::string cell_name(Cell cell) {
    std::string letters;
    for (std::size_t column = cell.column + 1; column > 0; column = (column - 1) / 26) {
        letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
    }
    return letters + format("{}", cell.row + 1);
}

void Sheet::text(Cell at, const std::string& text, Look look) {
    worksheet_write_string(
        sheet_, row_of(at), column_of(at), text.c_str(), book_->format_of(look)
    );
}

void Sheet::number(Cell at, double number, Look look) {
    worksheet_write_number(sheet_, row_of(at), column_of(at), number, book_->format_of(look));
}

void Sheet::formula(Cell at, const std::string& formula, double value, Look look) {
    worksheet_write_formula_num(
        sheet_,
        row_of(at),
        column_of(at),
        ("=" + formula).c_str(),
        book_->format_of(look),
        value
    );
}

void Sheet::blank(Cell at, Look look) {
    worksheet_write_blank(sheet_, row_of(at), column_of(at), book_->format_of(look));
}

void Sheet::merge(Cell from, Cell to, const std::string& text, Look look) {
    worksheet_merge_range(
        sheet_,
        row_of(from),
        column_of(from),
        row_of(to),
        column_of(to),
        text.c_str(),
        book_->format_of(look)
    );
}

void Sheet::period(Cell at, const std::string& name, std::size_t index) {
    worksheet_write_string(
        sheet_, row_of(at), column_of(at), name.c_str(), book_->periods_.at(index)
    );
}

void Sheet::widths(const std::vector<double>& characters) {
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const auto column = static_cast<lxw_col_t>(i);
        worksheet_set_column(sheet_, column, column, characters[i], nullptr);
    }
}

void Sheet::height(std::size_t row, double points) {
    worksheet_set_row(sheet_, static_cast<lxw_row_t>(row), points, nullptr);
}

void Sheet::freeze(std::size_t rows, std::size_t columns) {
    worksheet_freeze_panes(
        sheet_, static_cast<lxw_row_t>(rows), static_cast<lxw_col_t>(columns)
    );
    if (rows > 0) {
        worksheet_repeat_rows(sheet_, 0, static_cast<lxw_row_t>(rows - 1));
    }
}

void Sheet::filter(Cell from, Cell to) {
    worksheet_autofilter(sheet_, row_of(from), column_of(from), row_of(to), column_of(to));
}

Book::Book(std::string file, std::string title, const std::vector<std::string>& periods)
    : file_(std::move(file)) {
    const std::filesystem::path target(file_);
    part_ = (target.parent_path() / ("." + target.filename().string() + ".part")).string();
    // libxlsxwriter opens the file only when it closes the book, and then complains on stderr.
    if (!std::ofstream(part_, std::ios::binary)) {
        fail_writing(file_, target.parent_path().string());
    }
    book_ = workbook_new(part_.c_str());
    if (book_ == nullptr) {
        fail_writing(file_, "libxlsxwriter");
    }
    lxw_doc_properties properties{};
    std::string program = "tuban";
    properties.title = title.data();
    properties.author = program.data();
    properties.created = fixed_time;
    workbook_set_properties(book_, &properties);
    for (const std::string& colour : periods) {
        lxw_format* cell = plain_format();
        format_set_align(cell, LXW_ALIGN_CENTER);
        format_set_border(cell, LXW_BORDER_THIN);
        format_set_bg_color(cell, tint(colour));
        periods_.push_back(cell);
    }
}

Book::~Book() {
    if (book_ != nullptr) {
        lxw_workbook_free(book_);
        std::error_code error;
        std::filesystem::remove(part_, error);
    }
}

lxw_format* Book::plain_format() {
    lxw_format* cell = workbook_add_format(book_);
    format_set_font_name(cell, "宋体");
    format_set_font_size(cell, 11);
    format_set_align(cell, LXW_ALIGN_VERTICAL_CENTER);
    return cell;
}

lxw_format* Book::format_of(Look look) {
    lxw_format*& cell = formats_[look];
    if (cell != nullptr) {
        return cell;
    }
    cell = plain_format();
    const bool in_table =
        look != Look::title && look != Look::unit && look != Look::note && look != Look::plain;
    if (in_table) {
        format_set_border(cell, LXW_BORDER_THIN);
    }
    switch (look) {
    case Look::title:
        format_set_font_name(cell, "黑体");
        format_set_font_size(cell, 16);
        format_set_align(cell, LXW_ALIGN_CENTER);
        break;
    case Look::header:
        format_set_bold(cell);
        format_set_align(cell, LXW_ALIGN_CENTER);
        format_set_text_wrap(cell);
        format_set_bg_color(cell, static_cast<lxw_color_t>(colour_number(palette().header)));
        break;
    case Look::wrapped:
    case Look::note:
        format_set_align(cell, LXW_ALIGN_LEFT);
        format_set_text_wrap(cell);
        break;
    case Look::plain:
    case Look::text:
        format_set_align(cell, LXW_ALIGN_LEFT);
        break;
    case Look::centred:
        format_set_align(cell, LXW_ALIGN_CENTER);
        break;
    case Look::total:
        format_set_bold(cell);
        [[fallthrough]];
    case Look::unit:
    case Look::number:
        format_set_align(cell, LXW_ALIGN_RIGHT);
        break;
    case Look::total_text:
        format_set_bold(cell);
        format_set_align(cell, LXW_ALIGN_CENTER);
        break;
    case Look::failed:
        format_set_align(cell, LXW_ALIGN_CENTER);
        format_set_font_color(cell, static_cast<lxw_color_t>(colour_number(palette().alert)));
        break;
    }
    return cell;
}

Sheet Book::sheet(const std::string& name) {
    lxw_worksheet* sheet = workbook_add_worksheet(book_, name.c_str());
    constexpr std::uint8_t a4 = 9;
    worksheet_set_paper(sheet, a4);
    worksheet_set_landscape(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_center_horizontally(sheet);
    worksheet_set_footer(sheet, "&C第 &P 页，共 &N 页");
    return {*this, sheet};
}

void Book::close() {
    const lxw_error failed = workbook_close(book_); // frees the book, whatever happens
    book_ = nullptr;
    std::error_code error;
    if (failed != LXW_NO_ERROR) {
        std::filesystem::remove(part_, error);
        fail_writing(file_, lxw_strerror(failed));
    }
    std::filesystem::rename(part_, file_, error);
    if (error) {
        const std::string why = error.message();
        std::filesystem::remove(part_, error);
        fail_writing(file_, why);
    }
}

} // namespace tuban
