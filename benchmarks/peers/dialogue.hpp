#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

/// The side of a peer in the talk with benchmarks/peers/run (workers.py): a line of words in, a line back.
namespace peers {

/// What a peer has no way to do; the text says why.
struct NotOffered : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One library at one thread. Answers stand in the order of the plots' rows, NaN where there is none.
class Peer {
public:
    Peer() = default;
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    Peer(Peer&&) = delete;
    Peer& operator=(Peer&&) = delete;
    virtual ~Peer() = default;

    [[nodiscard]] virtual std::string version() const = 0;
    /// Reads the plots and the layer of a case (cases.py).
    virtual void load(const std::string& folder);
    /// Reads the vertices of a case.
    virtual void load_vertices(const std::string& folder);
    /// From now on only the first rows of the plots count.
    virtual void take(std::size_t plots);
    /// m from each plot to the layer.
    virtual std::vector<double> nearest();
    /// 0 to 1 of each plot.
    virtual std::vector<double> share(double within_m);
    /// A number for each plot, the same for plots that belong together.
    virtual std::vector<double> clusters(double within_m);
    /// All longitudes, then all latitudes of the vertices that were loaded.
    virtual std::vector<double> transform();
};

/// Answers requests until there are no more. @return exit code
int serve(Peer& peer);

/// What transform() starts from.
struct Vertices {
    std::string plane;              ///< "EPSG:4537"
    std::vector<double> x_then_y_m; ///< (2n) easts, then norths
};

[[nodiscard]] Vertices read_vertices(const std::string& folder);

} // namespace peers
