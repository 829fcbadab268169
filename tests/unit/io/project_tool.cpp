// Prints the schema or the reference page, or says of each project file whether the decoder takes it.
#include <tuban/io.hpp>

#include <iostream>
#include <string>

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "schema") {
        std::cout << tuban::project_schema_json();
        return 0;
    }
    if (what == "profile-schema") {
        std::cout << tuban::profile_schema_json();
        return 0;
    }
    if (what == "reference" && argc > 2) {
        std::cout << tuban::project_reference_markdown(argv[2]);
        return 0;
    }
    for (int i = 1; i < argc; ++i) {
        try {
            static_cast<void>(tuban::read_project(argv[i]));
            std::cout << "ok\n";
        } catch (const tuban::Error& error) {
            const std::string message = tuban::full_message(error).en;
            std::cout << "bad " << message.substr(0, message.find('\n')) << '\n';
        }
    }
    return argc > 1 ? 0 : 2;
}
