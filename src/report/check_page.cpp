#include "report/check_page.hpp"

#include "report/embedded_page.hpp"
#include "report/page_shell.hpp"

namespace tuban {

void write_check_page(
    const nlohmann::ordered_json& data,
    const std::string& title,
    bool english,
    const std::string& file
) {
    save_page(
        render_page(
            {"tuban check",
             embedded::check_html,
             embedded::check_js,
             embedded::check_words_json,
             english,
             title,
             data}
        ),
        file
    );
}

} // namespace tuban
