// Archives for tests, made in memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern {

struct TestMember {
  std::string name;
  std::string content;
};

// "zip", "7zip", "ustar", or with a filter: "ustar+gzip", "raw+xz". With a
// passphrase (zip alone) its members are encrypted.
[[nodiscard]] std::string MakeArchive(std::string_view format,
                                      const std::vector<TestMember>& members,
                                      std::string_view passphrase = {});

struct TestStream {
  std::string name;
  std::string content;
};
// A compound file ([MS-CFB]) with these streams; each takes 4,096 octets and
// more, so that none lies in the mini stream.
[[nodiscard]] std::string MakeCompoundFile(
    const std::vector<TestStream>& streams);

}  // namespace postern
