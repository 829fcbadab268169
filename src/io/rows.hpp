#pragma once
#include "io/arrow.hpp"
#include "io/source.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Features of an open layer as columns and well-known binary.
namespace tuban {

struct Rows {
    Table table;                        ///< the source's columns, names in UTF-8
    std::vector<std::string> raw_names; ///< as the file has them, in its encoding
    std::vector<std::string> wkb;       ///< "" where there is no geometry
    std::vector<std::int64_t> fids;
    std::size_t curves = 0; ///< geometries whose curves were made straight
    std::map<std::size_t, Text>
        damaged; ///< rows whose geometry is there but not to be believed, and why
    std::map<std::string, FileSpec, std::less<>>
        joined;                ///< columns that are of another table, and which
    std::vector<Issue> issues; ///< of single cells; without file and layer
};

/// Puts rows of the same source behind others, which are renumbered.
void append(Rows& rows, Rows more);

/// Makes of the word that a row has no geometry the word that it has one, which is damaged.
void tell_damaged(Issue& issue, const Text& why);

/// Names of columns, as Rows has them.
using ColumnNames = std::set<std::string, std::less<>>;

/// Takes features one by one, or batches of an Arrow stream; take() hands out what has come since the last time.
class RowReader {
public:
    /// @param wanted  none: all columns
    explicit RowReader(
        const Source& source, const std::optional<ColumnNames>& wanted = std::nullopt
    );

    /// Room for as many rows, or a million, whichever is less: a file may say anything.
    void expect(std::size_t rows);

    void add(OGRFeatureH feature);
    /// Rows [begin, end) of a batch whose schema matches().
    void add(const ArrowBatch& batch, std::size_t begin, std::size_t end);

    /// Whether the layer has a fast stream, and of kinds that GDAL streams without fault.
    [[nodiscard]] bool has_same_stream(const Source& source) const;
    /// Whether batches of this schema give the same values as features do.
    [[nodiscard]] bool matches(const ArrowSchema& schema) const;
    /// The source's names of the fields that are not taken, for OGR to leave out.
    [[nodiscard]] std::vector<std::string> not_taken(const Source& source) const;

    [[nodiscard]] std::size_t size() const { return fids_.size(); }

    [[nodiscard]] Rows take();

private:
    struct Field {
        int index = 0;
        std::string raw_name;
        Column column; ///< what has come since the last time
        bool date = false;
        bool plain = false; ///< a number or text, as Arrow has them
        OGRFieldSubType subtype = OFSTNone;
        bool narrow = false; ///< 32 bits: OFTInteger
    };

    [[nodiscard]] static std::string_view arrow_format(const Field& field);
    void add_field(OGRFieldDefnH definition, int index);
    void add_value(Field& field, OGRFeatureH feature);
    /// Puts what cells really say in the place of what GDAL has made of them.
    void correct_numbers();
    void correct_column(Field& field, const std::map<std::int64_t, OddNumber>& by_fid);
    void correct_number(Field& field, const OddNumber& odd, std::size_t row);
    void add_values(Field& field, const ArrowArray& values, std::size_t begin, std::size_t end);
    void add_text(Field& field, std::string_view bytes);
    /// Takes the geometry of the row last added out where it is damaged.
    void drop_damaged();
    std::string wkb_of(OGRGeometryH geometry);
    std::string wkb_of(std::string_view bytes);

    std::string encoding_;
    std::string names_encoding_;
    bool gbk_ = false; ///< single cells may be UTF-8 all the same
    bool has_geometry_ = false;
    std::vector<Field> fields_;
    std::vector<std::string> wkb_;
    std::vector<std::int64_t> fids_;
    std::size_t curves_ = 0;
    double arc_tolerance_ = 0.0; ///< in the unit of the coordinates
    std::shared_future<OddNumbers> odd_numbers_;
    std::map<std::int64_t, Text> damaged_fids_;
    std::map<std::size_t, Text> damaged_;
    std::vector<Issue> issues_;
};

/// Features by their ids: first <= id < end.
struct FidRange {
    std::int64_t first = 0;
    std::int64_t end = 0;
};

/// Hands out rows in file order by the fastest way that gives the same rows: the layer's Arrow stream where its driver has a
/// fast one, features elsewhere; columns that are not wanted are not read. One at a time on a layer.
class RowStream {
public:
    /// @param filtered  the layer has a spatial filter: a stream would judge it by boxes alone
    /// @param part      of a Shapefile, or of a table of a GeoPackage whose rows have ids; none: all features
    explicit RowStream(
        const Source& source,
        const std::optional<ColumnNames>& wanted = std::nullopt,
        bool filtered = false,
        const std::optional<FidRange>& part = std::nullopt
    );
    ~RowStream();
    RowStream(const RowStream&) = delete;
    RowStream& operator=(const RowStream&) = delete;
    RowStream(RowStream&&) = delete;
    RowStream& operator=(RowStream&&) = delete;

    /// At most `most` rows; none at the end.
    /// @throws Error{unreadable_input} naming the first feature that cannot be read, or the last before it
    [[nodiscard]] Rows next(std::size_t most, const GdalScope& gdal);

    /// Room for all rows that are still to come, where as many are meant to be kept.
    void expect(std::size_t rows) { reader_.expect(rows); }

    /// Reads on, up to `most` rows in hand, and leaves them there. @return whether there may be more
    bool read(std::size_t most, const GdalScope& gdal);

    [[nodiscard]] Rows take() { return reader_.take(); }

    [[nodiscard]] std::size_t rows_read() const { return read_; }

    /// Whether rows come through an Arrow stream.
    [[nodiscard]] bool by_batches() const { return stream_ != nullptr; }

private:
    void go_to_part();
    bool read_feature(const GdalScope& gdal);
    bool read_batch(std::size_t most, const GdalScope& gdal);

    const Source& source_;
    RowReader reader_;
    std::optional<FidRange> part_;
    std::unique_ptr<ArrowStream> stream_;
    std::size_t read_ = 0;
};

/// @throws Error{unreadable_input} if GDAL told of a failure while it read the feature after `read` ones.
void require_whole(const Source& source, const GdalScope& gdal, std::size_t read);

} // namespace tuban
