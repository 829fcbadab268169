#include "cli/commands.hpp"

namespace tuban::cli {

int schema(const SchemaArguments& arguments, Console& console) {
    const char* const language = console.common().language == Language::zh ? "zh" : "en";
    if (arguments.reference == "keys") {
        console.data(project_reference_markdown(language));
    } else if (arguments.reference == "columns") {
        console.data(indicator_reference_markdown(language));
    } else if (arguments.reference == "issues") {
        console.data(issue_reference_markdown(language));
    } else if (arguments.reference == "profile") {
        console.data(
            console.common().json ? profile_schema_json() : profile_reference_markdown(language)
        );
    } else if (arguments.reference == "check") {
        console.data(
            console.common().json ? check_schema_json() : check_reference_markdown(language)
        );
    } else {
        console.data(project_schema_json());
    }
    return 0;
}

} // namespace tuban::cli
