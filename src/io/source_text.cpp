#include "io/source_text.hpp"

#include "core/format.hpp"
#include "io/dbf.hpp"
#include "io/national_schema.hpp"
#include "io/shapefile_check.hpp"
#include "io/utf16.hpp"

#include <cpl_vsi.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace tuban {
namespace {

constexpr std::size_t most_samples = 10'000; ///< distinct texts looked at
constexpr std::size_t sampled_features = 20'000;

using VsiFile = std::unique_ptr<VSILFILE, CloseWith<&VSIFCloseL>>;

bool beyond_ascii(std::string_view bytes) {
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80U;
    });
}

/// Raw texts of a file, each once.
struct Samples {
    std::set<std::string> texts;
    std::set<std::string> full;     ///< of them, those as long as their field
    std::vector<std::string> names; ///< of fields

    void add(std::string_view raw, bool fills_field = false) {
        if (beyond_ascii(raw) && texts.size() < most_samples) {
            texts.emplace(raw);
            if (fills_field) {
                full.emplace(raw);
            }
        }
    }

    /// Names go by the values, and speak where there are none.
    [[nodiscard]] std::vector<std::string> list() const {
        return texts.empty() ? names : std::vector<std::string>(texts.begin(), texts.end());
    }
};

/// Calls `take` with each piece of a file that ends where `take` says: it returns how many bytes it has used.
template <class Take>
void in_pieces(const std::string& name, Take take) {
    constexpr std::size_t piece = std::size_t{1} << 20U;
    const VsiFile file(VSIFOpenL(name.c_str(), "rb"));
    std::string kept;
    while (file) {
        const std::size_t before = kept.size();
        kept.resize(before + piece);
        const std::size_t got = VSIFReadL(kept.data() + before, 1, piece, file.get());
        kept.resize(before + got);
        const std::size_t used = take(std::string_view(kept), got < piece);
        kept.erase(0, used);
        if (got < piece) {
            break;
        }
    }
}

void sample_record(
    const std::vector<DbfField>& texts, std::string_view record, Samples& samples
) {
    if (is_deleted(record) || !beyond_ascii(record)) {
        return;
    }
    for (const DbfField& field : texts) {
        std::string_view value = cell_of(record, field);
        value = value.substr(0, value.find('\0'));
        while (value.ends_with(' ')) {
            value.remove_suffix(1);
        }
        samples.add(value, value.size() == field.width);
    }
}

Samples samples_of_dbf(const std::string& dbf) {
    Samples samples;
    const std::optional<DbfHeader> header = read_dbf_header(dbf);
    if (!header) {
        return samples;
    }
    std::vector<DbfField> texts;
    for (const DbfField& field : header->fields) {
        samples.names.push_back(field.name);
        if (field.type == 'C') {
            texts.push_back(field);
        }
    }
    if (!texts.empty()) {
        for_each_record(dbf, *header, [&](std::uint64_t /*row*/, std::string_view record) {
            sample_record(texts, record, samples);
        });
    }
    return samples;
}

/// Cells of a delimited text: what stands between separators, none of which is part of a GBK or UTF-8 character.
Samples samples_of_csv(const std::string& name) {
    constexpr std::string_view separators = ",;\t\"\r\n";
    Samples samples;
    in_pieces(name, [&](std::string_view bytes, bool last) {
        std::size_t used = 0;
        for (std::size_t end = bytes.find_first_of(separators); end != std::string_view::npos;
             end = bytes.find_first_of(separators, used)) {
            samples.add(bytes.substr(used, end - used));
            used = end + 1;
        }
        if (last) {
            samples.add(bytes.substr(used));
            used = bytes.size();
        }
        return used;
    });
    return samples;
}

Samples samples_of_features(OGRLayerH layer) {
    Samples samples;
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    std::vector<int> texts;
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
        samples.names.emplace_back(OGR_Fld_GetNameRef(field));
        if (OGR_Fld_GetType(field) == OFTString) {
            texts.push_back(i);
        }
    }
    OGR_L_ResetReading(layer);
    for (std::size_t row = 0; row < sampled_features && !texts.empty(); ++row) {
        const Feature feature(OGR_L_GetNextFeature(layer));
        if (!feature) {
            break;
        }
        for (const int field : texts) {
            samples.add(OGR_F_GetFieldAsString(feature.get(), field));
        }
    }
    OGR_L_ResetReading(layer);
    return samples;
}

std::string dbf_of(const std::string& name) {
    const std::string dbf = sibling(name, ".dbf");
    return dbf.empty() ? name : dbf;
}

/// What the language byte of a .dbf says; 0x57 is "ANSI", whatever that was where the file was made: nothing.
std::string encoding_of_ldid(unsigned ldid) {
    struct Ldid {
        unsigned value;
        const char* encoding;
    };

    static constexpr std::array<Ldid, 12> known{{
        {0x03, "WINDOWS-1252"},
        {0x13, "SHIFT_JIS"},
        {0x4D, "GBK"},
        {0x4E, "CP949"},
        {0x4F, "BIG5"},
        {0x50, "CP874"},
        {0x78, "BIG5"},
        {0x79, "CP949"},
        {0x7A, "GBK"},
        {0x7B, "SHIFT_JIS"},
        {0xC8, "WINDOWS-1250"},
        {0xC9, "WINDOWS-1251"},
    }};
    const auto* const found = std::find_if(known.begin(), known.end(), [&](const Ldid& each) {
        return each.value == ldid;
    });
    return found == known.end() ? "" : found->encoding;
}

/// A language byte that says GBK was set on purpose and comes first; other values are defaults of many programs.
std::vector<EncodingHint> dbf_hints(const std::string& name) {
    std::vector<EncodingHint> hints;
    const std::string cpg = sibling(name, ".cpg");
    if (!cpg.empty()) {
        std::string written = bytes_of(cpg, 64);
        written = trimmed(written.starts_with("\xEF\xBB\xBF") ? written.substr(3) : written);
        if (!written.empty()) {
            hints.push_back({written, "cpg"});
        }
    }
    const std::optional<DbfHeader> header = read_dbf_header(dbf_of(name));
    const std::string said = header ? encoding_of_ldid(header->language) : "";
    if (said == "GBK") {
        hints.insert(hints.begin(), {said, "ldid"});
    } else if (!said.empty()) {
        hints.push_back({said, "ldid"});
    }
    return hints;
}

std::string known_encoding(const FileSpec& spec) {
    std::string given = encoding_name(*spec.encoding);
    if (!given.empty() && is_known_encoding(given)) {
        return given;
    }
    std::string list;
    for (const std::string& name : common_encodings()) {
        list += (list.empty() ? "" : ", ") + name;
    }
    const auto near = nearest_name(given, common_encodings());
    throw Error(
        code_of_mistake(spec, ErrorCode::invalid_project),
        text(
            "不认识文字编码“{0}”{1}；常用的有 {2}",
            "unknown encoding \"{0}\"{1}; common ones are {2}",
            *spec.encoding,
            near ? format(" (→ {}?)", *near) : std::string{},
            list
        ),
        spec.where
    );
}

/// Formats whose text GDAL hands on as the bytes it finds.
bool hands_on_bytes(const std::string& driver) {
    static constexpr std::array<const char*, 6> drivers{
        "ESRI Shapefile", "CSV", "GeoJSON", "GeoJSONSeq", "MapInfo File", "DXF"};
    return std::find(drivers.begin(), drivers.end(), driver) != drivers.end();
}

Samples samples_of(const Source& source, const std::string& name) {
    if (source.driver == "ESRI Shapefile") {
        return samples_of_dbf(dbf_of(name));
    }
    return source.driver == "CSV" ? samples_of_csv(name) : samples_of_features(source.layer);
}

} // namespace

TextEncoding encoding_of(const Source& source, const std::string& name) {
    if (!hands_on_bytes(source.driver)) {
        return {"UTF-8", "file", std::nullopt, 0, {}};
    }
    const std::string given = source.spec.encoding ? known_encoding(source.spec) : "";
    const Samples samples = samples_of(source, name);
    const bool dbf = source.driver == "ESRI Shapefile";
    const std::vector<std::string> texts = samples.list();
    TextEncoding encoding =
        given.empty()
            ? judge_encoding(dbf ? dbf_hints(name) : std::vector<EncodingHint>{}, texts)
            : taken_on_trust(given, texts);
    if (!dbf && source.driver != "CSV" && encoding.used == "UTF-8" && given.empty()) {
        encoding.because = "file"; // these formats are meant to be UTF-8
    }
    encoding.of_names = given.empty() ? encoding_of_names(samples.names, encoding.used) : "";
    encoding.cut_values = static_cast<std::size_t>(std::count_if(
        samples.full.begin(),
        samples.full.end(),
        [&](const std::string& value) { return ends_cut(value, encoding.used); }
    ));
    return encoding;
}

void refuse_utf16(const std::string& name, const FileSpec& spec) {
    const std::string start = bytes_of(name, 256);
    if (utf16_of(start) != Utf16::none) {
        throw_unreadable(
            spec,
            {"文字是 UTF-16 编码（Excel 的“Unicode 文本”），不能直接读；请在 Excel "
             "中另存为“CSV "
             "UTF-8（逗号分隔）”",
             "its text is UTF-16 (Excel's \"Unicode text\"), which is not read: save it as "
             "\"CSV UTF-8 (comma delimited)\" in Excel"}
        );
    }
}

} // namespace tuban
