#include "policy/facts/receiver.h"

#include <cassert>
#include <cstddef>
#include <string_view>

#include "policy/base/text.h"

namespace postern {
namespace {

// On label boundaries: ".google.com" fits aspmx.l.google.com, and so does
// "google.com", which fits google.com too; neither fits notgoogle.com.
bool Fits(std::string_view host, std::string_view suffix) {
  if (suffix.starts_with('.')) return host.ends_with(suffix);
  if (!host.ends_with(suffix)) return false;
  return host.size() == suffix.size() ||
         host[host.size() - suffix.size() - 1] == '.';
}

}  // namespace

const ReceiverProfile& ReceiverOf(
    const MxTargets& mx, const std::vector<ReceiverProfile>& profiles) {
  assert(!profiles.empty());
  const ReceiverProfile* receiver = &profiles.back();
  std::size_t longest = 0;
  for (const DnsRecord& target : mx.targets) {
    // RFC 5321 s.5.1: the lowest preference number is tried first.
    if (target.preference != mx.targets.front().preference) break;
    const std::string host = ToLower(target.value);
    for (const ReceiverProfile& profile : profiles)
      for (const std::string& suffix : profile.mx_suffixes)
        if (suffix.size() > longest && Fits(host, suffix)) {
          longest = suffix.size();
          receiver = &profile;
        }
  }
  return *receiver;
}

}  // namespace postern
