#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

/// A workbook being written: sheets and the few looks that every sheet shares. No cell is read back.
namespace tuban {

enum class Look {
    title,   ///< 黑体 16, centred
    unit,    ///< right-aligned, above the grid
    note,    ///< under the grid, left, wrapped
    header,  ///< bold on the header colour, centred, wrapped
    text,    ///< left
    wrapped, ///< left, broken into lines
    centred,
    number,     ///< right, as short as the number is
    total,      ///< number, bold
    total_text, ///< centred, bold
    failed,     ///< text in the colour of alerts
    plain,      ///< left, no grid
};

struct Cell {
    std::size_t row = 0;
    std::size_t column = 0;
};

/// "B5"; rows and columns count from 0.
[[nodiscard]] std::string cell_name(Cell cell);

class Book;

/// One sheet. A number, text or formula goes into one cell; a merge spans cells.
class Sheet {
public:
    Sheet(Book& book, lxw_worksheet* sheet) : book_(&book), sheet_(sheet) {}

    void text(Cell at, const std::string& text, Look look = Look::text);
    void number(Cell at, double number, Look look = Look::number);
    /// A formula and the value that readers see who do not calculate.
    void formula(Cell at, const std::string& formula, double value, Look look = Look::total);
    void blank(Cell at, Look look = Look::text);
    /// Text across a range of at least two cells.
    void merge(Cell from, Cell to, const std::string& text, Look look);
    /// Text on the colour of a period, lightened so that it prints.
    void period(Cell at, const std::string& name, std::size_t index);

    void widths(const std::vector<double>& characters);
    void height(std::size_t row, double points);
    /// Rows that repeat on each printed page, and stay when scrolling.
    void freeze(std::size_t rows, std::size_t columns);
    void filter(Cell from, Cell to);

private:
    Book* book_;
    lxw_worksheet* sheet_;
};

/// Owns the file being written. Writes nothing to `file` before close(); a book that is not closed leaves nothing.
class Book {
public:
    /// @param periods  colours of periods, by their index
    Book(std::string file, std::string title, const std::vector<std::string>& periods);
    ~Book();
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;
    Book(Book&&) = delete;
    Book& operator=(Book&&) = delete;

    /// A4 landscape, fit to width, page numbers.
    [[nodiscard]] Sheet sheet(const std::string& name);
    /// @throws Error{unwritable_output}
    void close();

private:
    friend class Sheet;
    [[nodiscard]] lxw_format* format_of(Look look);
    [[nodiscard]] lxw_format* plain_format();

    std::string file_;
    std::string part_;
    lxw_workbook* book_ = nullptr;
    std::map<Look, lxw_format*> formats_;
    std::vector<lxw_format*> periods_;
};

} // namespace tuban
