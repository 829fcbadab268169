#include <tuban/report.hpp>

#include "report/embedded_page.hpp"
#include "report/page_data.hpp"
#include "report/page_shell.hpp"

namespace tuban {

void write_page(const Result& result, const std::string& file) {
    save_page(
        render_page(
            {"tuban run",
             embedded::page_html,
             embedded::page_js,
             embedded::words_json,
             result.project.report.lang == "en",
             result.project.name,
             page_data(result)}
        ),
        file
    );
}

} // namespace tuban
