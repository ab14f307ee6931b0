// The envelope sender without what was never part of an address: white space,
// brackets, "mailto:", the dot of the root; its domain in A-labels (RFC 5890),
// which are the same name.

#include <algorithm>
#include <string>
#include <string_view>

#include "policy/base/text.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

std::string_view Bare(std::string_view path) {
  path = Trim(path);
  if (path.starts_with('<') && path.ends_with('>') && path.size() > 1)
    path = Trim(path.substr(1, path.size() - 2));
  constexpr std::string_view kScheme = "mailto:";
  if (StartsWithIgnoreCase(path, kScheme)) path.remove_prefix(kScheme.size());
  if (path.ends_with('.')) path.remove_suffix(1);
  return path;
}

}  // namespace

bool NormaliseSender(const Facts& /*facts*/, Message* message) {
  std::string& mail_from = message->envelope.mail_from;
  std::string bare(Bare(mail_from));
  const auto domain = DomainOf(bare);
  const std::size_t at = bare.rfind('@');
  // A name in ASCII stays as it was written.
  const bool is_ascii =
      std::ranges::none_of(bare, [](char c) { return (c & 0x80) != 0; });
  if (domain && !is_ascii) bare = bare.substr(0, at + 1) + domain->text();
  if (bare == mail_from || !PathFault(bare).empty()) return false;
  mail_from = std::move(bare);
  return true;
}

}  // namespace postern
