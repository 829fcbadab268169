#include "cli/commands.hpp"

namespace tuban::cli {

int schema(const SchemaArguments& arguments, Console& console) {
    const char* const language = console.common().language == Language::zh ? "zh" : "en";
    if (arguments.reference == "keys") {
        console.data(project_reference_markdown(language));
    } else if (arguments.reference == "columns") {
        console.data(indicator_reference_markdown(language));
    } else {
        console.data(project_schema_json());
    }
    return 0;
}

} // namespace tuban::cli
