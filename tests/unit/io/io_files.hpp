#pragma once
// Small files for tests, made on the fly in a folder of their own.
#include <string>
#include <utility>
#include <vector>

namespace tuban_test {

/// A folder that is there while this lives.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder(Folder&&) = delete;
    Folder& operator=(Folder&&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

    void write(const std::string& name, const std::string& bytes) const;

private:
    std::string path_;
};

struct FieldMade {
    std::string name;
    char type = 't'; ///< t text, i integer, r real
};

/// One feature: WKT ("" for none), then a value per field as text ("" for null).
using FeatureMade = std::pair<std::string, std::vector<std::string>>;

struct LayerMade {
    std::string name;
    int epsg = 0; ///< 0: none
    std::vector<FieldMade> fields;
    std::vector<FeatureMade> features;
    std::vector<std::string> options{}; ///< of the layer: "ENCODING=…"
    bool geometry = true;
    bool polygons = false; ///< a FileGDB wants one kind
    std::string crs{};     ///< as OGR takes it, instead of `epsg`
};

/// A new data set of one or more layers.
void make(const std::string& file, const char* driver, const std::vector<LayerMade>& layers);

/// A field of a .dbf; names and cells are bytes in any encoding.
struct DbfFieldMade {
    std::string name; ///< cut to 10 bytes
    char type = 'C';
    std::size_t width = 0;    ///< in a record
    std::size_t decimals = 0; ///< with text, the upper byte of a long width or anything
};

struct DbfRowMade {
    std::vector<std::string> cells; ///< cut to their width, numbers to the right
    bool deleted = false;
};

/// A dBASE III table, byte by byte. Only the lower byte of a width goes into its field.
[[nodiscard]] std::string dbf_bytes(
    const std::vector<DbfFieldMade>& fields,
    const std::vector<DbfRowMade>& rows,
    char language = 0
);

/// Least significant byte first.
[[nodiscard]] std::string little_endian(std::size_t value, std::size_t bytes);

struct ShapesMade {
    std::string shp;
    std::string shx;
};

/// Squares of a shapefile, byte by byte. @param corners  south-west ones, x and y
[[nodiscard]] ShapesMade
square_shapes(const std::vector<std::pair<double, double>>& corners, double size);

[[nodiscard]] std::string bytes_of(const std::string& file);

/// name → size, time and bytes of every file in a folder: to see that reading leaves all as it was.
[[nodiscard]] std::string state_of(const std::string& folder);

} // namespace tuban_test
