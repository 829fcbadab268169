#include "io/project_yaml.hpp"

#include "core/format.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>
#include <tuple>
#include <utility>

namespace tuban {
namespace {

/// Length of the UTF-8 sequence at the front of a text, or 0 if it is none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80U) {
        return 1;
    }
    if (first >= 0xC2U && first <= 0xDFU && follows(1)) {
        return 2;
    }
    if ((first & 0xF0U) == 0xE0U && follows(1) && follows(2)) {
        const bool overlong = first == 0xE0U && byte(1) < 0xA0U;
        const bool surrogate = first == 0xEDU && byte(1) > 0x9FU;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0U && first <= 0xF4U && follows(1) && follows(2) && follows(3)) {
        const bool overlong = first == 0xF0U && byte(1) < 0x90U;
        const bool beyond = first == 0xF4U && byte(1) > 0x8FU;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

bool looks_like_gbk(std::string_view bytes) {
    std::size_t i = 0;
    while (i < bytes.size()) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        if (lead < 0x80U) {
            ++i;
            continue;
        }
        const auto trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0U;
        if (lead == 0x80U || lead == 0xFFU || trail < 0x40U || trail == 0x7FU ||
            trail == 0xFFU) {
            return false;
        }
        i += 2;
    }
    return true;
}

constexpr std::array<std::string_view, 22> full_width{
    "：", "，", "；", "（", "）", "“",  "”",  "‘",  "’",  "、", "【",
    "】", "｛", "｝", "［", "］", "＃", "｜", "－", "＜", "＞", "　"};

std::string_view mark_at(std::string_view text) {
    const auto* const found =
        std::find_if(full_width.begin(), full_width.end(), [&](std::string_view mark) {
            return text.starts_with(mark);
        });
    return found == full_width.end() ? std::string_view{} : *found;
}

/// The bytes of a file cut into lines, for places in code points.
class Source {
public:
    Source(std::string_view bytes, std::string file) : file_(std::move(file)) {
        std::size_t start = 0;
        while (start <= bytes.size()) {
            const std::size_t end = std::min(bytes.find('\n', start), bytes.size());
            lines_.push_back(bytes.substr(start, end - start));
            start = end + 1;
        }
    }

    [[nodiscard]] std::size_t lines() const { return lines_.size(); }

    [[nodiscard]] std::string_view line(std::size_t i) const {
        return i < lines_.size() ? lines_[i] : std::string_view{};
    }

    /// @param line, byte  from 0
    [[nodiscard]] Where at(std::size_t line_index, std::size_t byte) const {
        const std::string_view before = line(line_index).substr(0, byte);
        const auto continued = std::count_if(before.begin(), before.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
        });
        const std::size_t points = byte - static_cast<std::size_t>(continued);
        return {file_, static_cast<int>(line_index) + 1, static_cast<int>(points) + 1};
    }

    [[nodiscard]] Where at(const YAML::Mark& mark) const {
        return at(
            static_cast<std::size_t>(std::max(mark.line, 0)),
            static_cast<std::size_t>(std::max(mark.column, 0))
        );
    }

    /// Where the text of a scalar starts: behind its quote, or on the next line that is not blank for a block.
    [[nodiscard]] Where text_at(const YAML::Mark& mark) const {
        const auto row = static_cast<std::size_t>(std::max(mark.line, 0));
        const auto byte = static_cast<std::size_t>(std::max(mark.column, 0));
        const char first = byte < line(row).size() ? line(row)[byte] : ' ';
        if (first == '"' || first == '\'') {
            return at(row, byte + 1);
        }
        if (first != '|' && first != '>') {
            return at(row, byte);
        }
        for (std::size_t next = row + 1; next < lines(); ++next) {
            const std::size_t start = line(next).find_first_not_of(" \r");
            if (start != std::string_view::npos) {
                return at(next, start);
            }
        }
        return at(row, byte);
    }

    [[nodiscard]] bool is_plain(const YAML::Mark& mark) const {
        const auto row = static_cast<std::size_t>(std::max(mark.line, 0));
        const auto byte = static_cast<std::size_t>(std::max(mark.column, 0));
        return byte >= line(row).size() ||
               std::string_view("\"'|>").find(line(row)[byte]) == std::string_view::npos;
    }

private:
    std::string file_;
    std::vector<std::string_view> lines_;
};

/// Builds the tree from the parser's events, so that repeated keys and places survive.
class Builder final : public YAML::EventHandler {
public:
    Builder(const Source& source, std::vector<Problem>& problems)
        : source_(source), problems_(problems) {}

    [[nodiscard]] std::optional<YamlNode> take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        add(node(YamlKind::null, mark));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        refuse_anchor(mark);
        add(node(YamlKind::null, mark));
    }

    void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
        refuse_anchor(mark);
    }

    void OnScalar(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t /*anchor*/,
        const std::string& value
    ) override {
        YamlNode result = node(YamlKind::scalar, mark);
        refuse_tag(mark, tag);
        result.text = value;
        result.text_where = source_.text_at(mark);
        result.plain = source_.is_plain(mark);
        add(std::move(result));
    }

    void OnSequenceStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t /*anchor*/,
        YAML::EmitterStyle::value /*style*/
    ) override {
        refuse_tag(mark, tag);
        open_.push_back({node(YamlKind::list, mark), {}, false});
    }

    void OnSequenceEnd() override { close(); }

    void OnMapStart(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t /*anchor*/,
        YAML::EmitterStyle::value /*style*/
    ) override {
        refuse_tag(mark, tag);
        open_.push_back({node(YamlKind::map, mark), {}, false});
    }

    void OnMapEnd() override { close(); }

private:
    struct Open {
        YamlNode node;
        YamlEntry pending;
        bool has_key = false;
    };

    [[nodiscard]] YamlNode node(YamlKind kind, const YAML::Mark& mark) const {
        YamlNode result;
        result.kind = kind;
        result.where = source_.at(mark);
        result.text_where = result.where;
        return result;
    }

    void refuse_anchor(const YAML::Mark& mark) {
        problems_.push_back(
            {source_.at(mark),
             text(
                 "不支持 YAML 的锚点和引用（& 与 *）；请把内容写全",
                 "YAML anchors and aliases (& and *) are not allowed; write the content out"
             )}
        );
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!") {
            problems_.push_back(
                {source_.at(mark),
                 text(
                     "不支持 YAML 类型标记 {}；请去掉",
                     "YAML tag {} is not allowed; remove it",
                     tag
                 )}
            );
        }
    }

    void close() {
        YamlNode done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
    }

    void add(YamlNode value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.kind == YamlKind::list) {
            parent.node.items.push_back(std::move(value));
        } else if (parent.has_key) {
            parent.has_key = false;
            if (value.kind == YamlKind::null) {
                value.where = parent.pending.where; // the parser names the token that follows
            }
            parent.pending.value = std::move(value);
            put(parent.node, std::move(parent.pending));
            parent.pending = {};
        } else {
            parent.has_key = true;
            parent.pending.where = value.where;
            parent.pending.key = value.text;
            if (value.kind != YamlKind::scalar) {
                problems_.push_back({value.where, text("键必须是文本", "a key must be text")});
            }
        }
    }

    void put(YamlNode& map, YamlEntry entry) {
        if (entry.key == "<<") {
            problems_.push_back(
                {entry.where,
                 text(
                     "不支持 YAML 的合并键 <<；请把内容写全",
                     "the YAML merge key << is not allowed; write the content out"
                 )}
            );
            return;
        }
        const auto first =
            std::find_if(map.entries.begin(), map.entries.end(), [&](const YamlEntry& other) {
                return other.key == entry.key;
            });
        if (first != map.entries.end()) {
            problems_.push_back(
                {entry.where,
                 text(
                     "键 {} 重复：第 {} 行已经写过；只留一处",
                     "key {} is repeated: line {} has it already; keep one of them",
                     entry.key,
                     first->where.line
                 )}
            );
            return;
        }
        map.entries.push_back(std::move(entry));
    }

    const Source& source_;
    std::vector<Problem>& problems_;
    std::vector<Open> open_;
    std::optional<YamlNode> root_;
};

/// The first byte of a line that no UTF-8 sequence starts with.
std::optional<std::size_t> bad_byte(std::string_view line) {
    std::size_t i = 0;
    while (i < line.size()) {
        const std::size_t length = sequence_length(line.substr(i));
        if (length == 0) {
            return i;
        }
        i += length;
    }
    return std::nullopt;
}

/// False if the bytes are not UTF-8.
bool check_bytes(std::string_view bytes, const Source& source, std::vector<Problem>& problems) {
    for (std::size_t row = 0; row < source.lines(); ++row) {
        const std::optional<std::size_t> bad = bad_byte(source.line(row));
        if (!bad) {
            continue;
        }
        problems.push_back(
            {source.at(row, *bad),
             looks_like_gbk(bytes)
                 ? text(
                       "文件不是 UTF-8，像是 GBK；请另存为 UTF-8（例如 iconv -f GBK -t UTF-8）",
                       "the file is not UTF-8 but looks like GBK; save it as UTF-8 (such as "
                       "iconv -f GBK -t UTF-8)"
                   )
                 : text(
                       "文件不是 UTF-8；请另存为 UTF-8",
                       "the file is not UTF-8; save it as UTF-8"
                   )}
        );
        return false;
    }
    return true;
}

void check_tabs(const Source& source, std::vector<Problem>& problems) {
    for (std::size_t row = 0; row < source.lines(); ++row) {
        const std::string_view line = source.line(row);
        const std::size_t start = std::min(line.find_first_not_of(" \t\r"), line.size());
        const std::size_t tab = line.substr(0, start).find('\t');
        if (tab != std::string_view::npos && start < line.size() && line[start] != '#') {
            problems.push_back(
                {source.at(row, tab),
                 text("缩进用了制表符；请改用空格", "a tab is used as indentation; use spaces")}
            );
        }
    }
}

struct Suspect {
    std::size_t byte = 0;
    std::string mark;
};

/// The first full-width punctuation mark of a line outside of quotes and comments.
std::optional<Suspect> full_width_in_line(std::string_view line) {
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '#' && (i == 0 || line[i - 1] == ' ')) {
            return std::nullopt;
        } else if (const std::string_view mark = mark_at(line.substr(i)); !mark.empty()) {
            return Suspect{i, std::string(mark)};
        }
    }
    return std::nullopt;
}

/// True for `key: "text" more`: a quote that ends before its value does.
bool text_after_quote(std::string_view line) {
    const std::size_t colon = line.find(": ");
    const std::size_t start = colon == std::string_view::npos
                                  ? std::string_view::npos
                                  : line.find_first_not_of(' ', colon + 1);
    if (start == std::string_view::npos || (line[start] != '"' && line[start] != '\'')) {
        return false;
    }
    const std::size_t end = line.find(line[start], start + 1);
    const std::size_t rest = end == std::string_view::npos
                                 ? std::string_view::npos
                                 : line.find_first_not_of(" \r", end + 1);
    return rest != std::string_view::npos &&
           std::string_view("#,}]").find(line[rest]) == std::string_view::npos;
}

Problem explain(const YAML::Exception& failure, const Source& source) {
    const auto row = static_cast<std::size_t>(std::max(failure.mark.line, 0));
    // A missing half-width colon is only noticed a line later.
    for (const std::size_t candidate : {row > 0 ? row - 1 : row, row}) {
        if (const auto suspect = full_width_in_line(source.line(candidate))) {
            return {
                source.at(candidate, suspect->byte),
                text(
                    "全角标点“{}”；YAML 的标点请用半角",
                    "full-width “{}”; YAML needs half-width punctuation",
                    suspect->mark
                )};
        }
    }
    for (const std::size_t candidate : {row, row > 0 ? row - 1 : row}) {
        if (text_after_quote(source.line(candidate))) {
            const std::size_t start = source.line(candidate).find_first_not_of(' ');
            return {
                source.at(candidate, start),
                text(
                    "引号后面还有内容；请把整个值放进引号，或写成“键: |”再另起一行",
                    "text follows a closing quote; quote the whole value, or write `key: |` "
                    "and start a new line"
                )};
        }
    }
    return {
        source.at(failure.mark),
        text(
            "YAML 写法有误（{}）；请检查缩进、冒号后的空格和括号",
            "not valid YAML ({}); check indentation, the space after a colon, and brackets",
            failure.msg
        )};
}

} // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const YamlEntry& entry) {
            return entry.key == key;
        });
    return found == entries.end() ? nullptr : &found->value;
}

std::string full_width_mark(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (const std::string_view mark = mark_at(text.substr(i)); !mark.empty()) {
            return std::string(mark);
        }
    }
    return {};
}

std::optional<YamlNode>
parse_yaml(std::string_view bytes, const std::string& file, std::vector<Problem>& problems) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.remove_prefix(3);
    }
    const Source source(bytes, file);
    if (!check_bytes(bytes, source, problems)) {
        return std::nullopt;
    }
    check_tabs(source, problems);
    if (!problems.empty()) {
        return std::nullopt;
    }
    std::istringstream stream{std::string(bytes)};
    Builder builder(source, problems);
    const auto tell = [&](Where where, Text message) {
        Problem& problem = problems.emplace_back();
        problem.where = std::move(where);
        problem.message = std::move(message);
    };
    try {
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) {
            tell({file, 1, 1}, {"文件是空的", "the file is empty"});
            return std::nullopt;
        }
        std::vector<Problem> ignored;
        Builder second(source, ignored);
        if (parser.HandleNextDocument(second)) {
            const std::optional<YamlNode> other = second.take();
            tell(
                other ? other->where : Where{file, 1, 1},
                {"文件里有第二个 YAML 文档（---）；一个文件只写一个项目",
                 "there is a second YAML document (---); write one project per file"}
            );
        }
    } catch (const YAML::Exception& failure) {
        problems.push_back(explain(failure, source));
        return std::nullopt;
    }
    return builder.take();
}

void throw_problems(std::vector<Problem> problems) {
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.where.file, a.where.line, a.where.column) <
               std::tie(b.where.file, b.where.line, b.where.column);
    });
    Text message = problems.front().message;
    for (std::size_t i = 1; i < problems.size(); ++i) {
        const Problem& problem = problems[i];
        const std::string at = format(
            "\n{}:{}:{}: ", problem.where.file, problem.where.line, problem.where.column
        );
        message.zh += at + problem.message.zh;
        message.en += at + problem.message.en;
    }
    throw Error(ErrorCode::invalid_project, std::move(message), problems.front().where);
}

} // namespace tuban
