// Which bytes mean which characters. First line: the hint; then a sample a line.
#include "fuzz.hpp"
#include "io/text_encoding.hpp"

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<std::string> lines;
    std::string_view rest = tuban_fuzz::bytes_of(data, size);
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        lines.emplace_back(rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    std::vector<tuban::EncodingHint> hints;
    if (!lines.empty() && !lines[0].empty()) {
        hints.push_back({lines[0].substr(1), lines[0][0] == 'l' ? "ldid" : "cpg"});
        lines.erase(lines.begin());
    }
    const tuban::TextEncoding judged = tuban::judge_encoding(hints, lines);
    tuban_fuzz::require(tuban::is_known_encoding(judged.used), "what is used is known");
    for (const std::string& line : lines) {
        for (const std::string& encoding :
             {judged.used, std::string("UTF-8"), std::string("GBK"), std::string("GB18030")}) {
            const std::string read = tuban::to_utf8(line, encoding);
            tuban_fuzz::require(
                tuban::to_utf8(read, "UTF-8") == read, "what is read is whole UTF-8"
            );
            (void)tuban::from_utf8(read, encoding);
        }
    }
    return 0;
}
