// ArchiveListing: what is in an archive, as far as it was read. Plain data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace postern {

struct ArchiveMember {
  std::string name;       // with folders, at most 255 octets: the end of it
  std::int64_t size = 0;  // as the archive says; 0: not said
  int depth = 0;          // 0: in the archive itself
  bool is_encrypted = false;
};

struct ArchiveListing {
  static constexpr std::size_t kMaxMembers = 10'000;
  static constexpr int kMaxDepth = 3;

  std::vector<ArchiveMember> members;
  std::int64_t unpacked_bytes = 0;  // as the archives say, or as was counted
  int nesting = 0;                  // archives within archives: 0 is none
  bool has_encrypted_members = false;
  bool has_encrypted_names = false;
  bool has_too_many_members = false;
  bool is_nested_too_deep = false;
  bool is_over_limit = false;  // not all was seen
  bool is_damaged = false;     // it could not be read to its end

  [[nodiscard]] bool IsEncrypted() const {
    return has_encrypted_members || has_encrypted_names;
  }
};

}  // namespace postern
