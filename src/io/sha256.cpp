#include "io/sha256.hpp"

#include <tuban/error.hpp>

#include "core/format.hpp"

#include <openssl/evp.h>

#include <array>

namespace tuban {

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) !=
        1) {
        throw Error(
            ErrorCode::internal, text("无法计算 SHA-256", "SHA-256 cannot be computed")
        );
    }
    std::string hex;
    for (unsigned i = 0; i < length; ++i) {
        hex += format("{:02x}", digest[i]);
    }
    return hex;
}

} // namespace tuban
