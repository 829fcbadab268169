#pragma once
#include <tuban/export.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace tuban {

/// Removes what this process has written of OUT and not published: for a process that leaves in the middle, from beside
/// the thread that writes. Never throws.
TUBAN_EXPORT void remove_unpublished(const std::string& out) noexcept;

/// A result folder in the making: a hidden sibling of OUT that takes its place at the end, whole or not at all.
///
/// OUT may be absent, empty, or a folder that holds our run.json and nothing foreign; anything else is refused. What an
/// earlier, killed run left beside OUT is removed.
class OutFolder {
public:
    /// @throws Error{unwritable_output} naming what is in the way.
    /// @param name  of what is run: where OUT is taken, OUT/name is proposed
    OutFolder(const std::string& out, std::string name);
    ~OutFolder(); ///< removes the sibling: what was not published, or the OUT it replaced
    OutFolder(const OutFolder&) = delete;
    OutFolder& operator=(const OutFolder&) = delete;
    OutFolder(OutFolder&&) = delete;
    OutFolder& operator=(OutFolder&&) = delete;

    /// Where to write a file of this name for now.
    [[nodiscard]] std::string path(const std::string& name) const;
    /// Syncs every file, swaps the folder in and removes the old one. @throws Error{unwritable_output}
    void publish();

private:
    std::filesystem::path given_; ///< OUT as the user wrote it, for messages
    std::string name_;
    std::filesystem::path out_;
    std::filesystem::path making_;
};

} // namespace tuban
