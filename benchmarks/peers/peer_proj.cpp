// PROJ, the library that tuban links: every vertex by itself, from the plane to longitude and latitude of the same datum.
#include "dialogue.hpp"

#include <proj.h>

#include <memory>

namespace {

struct Destroy {
    void operator()(PJ* object) const noexcept { proj_destroy(object); }
};

using Object = std::unique_ptr<PJ, Destroy>;

Object from_plane(const std::string& plane) {
    const Object crs(proj_create(PJ_DEFAULT_CTX, plane.c_str()));
    if (!crs) {
        throw std::runtime_error("PROJ does not know " + plane);
    }
    const Object geographic(proj_crs_get_geodetic_crs(PJ_DEFAULT_CTX, crs.get()));
    const Object operation(proj_create_crs_to_crs_from_pj(
        PJ_DEFAULT_CTX, crs.get(), geographic.get(), nullptr, nullptr
    ));
    Object east_first(proj_normalize_for_visualization(PJ_DEFAULT_CTX, operation.get()));
    if (!east_first) {
        throw std::runtime_error("PROJ cannot transform from " + plane);
    }
    return east_first;
}

class Proj final : public peers::Peer {
public:
    [[nodiscard]] std::string version() const override {
        return std::string("PROJ ") + proj_info().version;
    }

    void load_vertices(const std::string& folder) override {
        vertices_ = peers::read_vertices(folder);
    }

    std::vector<double> transform() override {
        const Object operation = from_plane(vertices_.plane);
        std::vector<double> answer = vertices_.x_then_y_m;
        const std::size_t count = answer.size() / 2;
        const std::size_t step = sizeof(double);
        proj_trans_generic(
            operation.get(),
            PJ_FWD, //
            answer.data(),
            step,
            count, //
            answer.data() + count,
            step,
            count, //
            nullptr,
            0,
            0,
            nullptr,
            0,
            0
        );
        return answer;
    }

private:
    peers::Vertices vertices_;
};

} // namespace

int main() {
    Proj peer;
    return peers::serve(peer);
}
