#include <tuban/report.hpp>

#include "report/book.hpp"
#include "report/sheets.hpp"
#include "workspace/palette.hpp"

#include <clocale>

namespace tuban {
namespace {

/// libxlsxwriter prints numbers by the thread's locale; a workbook wants a decimal point.
class PlainNumbers {
public:
    PlainNumbers()
        : plain_(::newlocale(LC_ALL_MASK, "C", nullptr)), before_(::uselocale(plain_)) {}

    ~PlainNumbers() {
        ::uselocale(before_);
        ::freelocale(plain_);
    }

    PlainNumbers(const PlainNumbers&) = delete;
    PlainNumbers& operator=(const PlainNumbers&) = delete;
    PlainNumbers(PlainNumbers&&) = delete;
    PlainNumbers& operator=(PlainNumbers&&) = delete;

private:
    locale_t plain_;
    locale_t before_;
};

} // namespace

void write_workbook(const Result& result, const std::string& file) {
    const PlainNumbers plain;
    const std::size_t periods = result.plan ? result.plan->periods.size() : 0;
    Book book(file, result.project.name, period_colours(palette(), periods));
    write_decomposition(book, result);
    write_yearly_plan(book, result);
    write_scores(book, result);
    write_requirements(book, result);
    write_issues(book, result);
    write_run(book, result);
    book.close();
}

} // namespace tuban
