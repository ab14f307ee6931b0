// Receiver profiles and lists of hosts: data that the operator may replace.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/config/config.h"
#include "policy/config/toml.h"

namespace postern {

// A file of profiles: its text and the name to use in messages. The profile is
// called as the file without its ending: "google.toml".
struct NamedText {
  std::string file;
  std::string text;
};

struct ReceiversRead {
  // By name; the fallback, which has no MX suffix, is last and always there.
  std::vector<ReceiverProfile> profiles;
  Faults faults;
};
[[nodiscard]] ReceiversRead ParseReceivers(std::span<const NamedText> files);
// Every *.toml of a folder.
[[nodiscard]] ReceiversRead LoadReceivers(const std::string& directory);
[[nodiscard]] ReceiversRead BuiltInReceivers();

struct HostListRead {
  std::set<std::string, std::less<>> hosts;  // lower case
  Faults faults;
};
// A host a line; '#' begins a comment.
[[nodiscard]] HostListRead ParseHostList(std::string_view text,
                                         const std::string& file);
// A file of conf/lists as it was at build time: "lists/mail-domains.txt".
[[nodiscard]] HostListRead BuiltInHostList(std::string_view path);

}  // namespace postern
