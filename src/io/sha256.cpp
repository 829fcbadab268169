#include "io/sha256.hpp"

#include <tuban/error.hpp>

#include "core/format.hpp"
#include "io/handles.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>

namespace tuban {
namespace {

class Sha256 {
public:
    Sha256() { require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr)); }

    void add(std::string_view bytes) {
        require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
    }

    std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned length = 0;
        require(EVP_DigestFinal_ex(context_.get(), digest.data(), &length));
        std::string hex;
        for (unsigned i = 0; i < length; ++i) {
            hex += format("{:02x}", digest.at(i));
        }
        return hex;
    }

private:
    static void require(int done) {
        if (done != 1) {
            throw Error(
                ErrorCode::internal, text("无法计算 SHA-256", "SHA-256 cannot be computed")
            );
        }
    }

    std::unique_ptr<EVP_MD_CTX, CloseWith<&EVP_MD_CTX_free>> context_{EVP_MD_CTX_new()};
};

} // namespace

std::string sha256_hex(std::string_view bytes) {
    Sha256 sum;
    sum.add(bytes);
    return sum.hex();
}

std::string sha256_of_files(const std::vector<std::string>& files) {
    Sha256 sum;
    std::string buffer(1U << 20U, '\0');
    for (const std::string& file : files) {
        std::ifstream in(file, std::ios::binary);
        while (in) {
            in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
            sum.add({buffer.data(), static_cast<std::size_t>(in.gcount())});
        }
        if (!in.eof()) {
            throw Error(
                ErrorCode::unreadable_input, text("无法读取 {}", "{} cannot be read", file)
            );
        }
    }
    return sum.hex();
}

} // namespace tuban
