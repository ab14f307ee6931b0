#include "policy/message/reroute.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/message/address.h"

namespace postern {
namespace {

constexpr std::size_t kLongest = 255;

std::string Xtext(std::string_view text) {  // RFC 3461 s.4
  std::string coded;
  for (const char c : text) {
    if (c > ' ' && c < 0x7f && c != '+' && c != '=')
      coded += c;
    else
      coded += fmt::format("+{:02X}", static_cast<unsigned char>(c));
  }
  return coded;
}

}  // namespace

std::optional<ForwardPath> Rerouted(const ForwardPath& path,
                                    const Domain& route) {
  const std::optional<AddrSpec> address = ParsePath(path.address);
  const std::optional<Domain> domain = DomainOf(path.address);
  if (!address || !domain) return std::nullopt;
  const std::string& local = address->local_part;
  // MTAs read these as routes, quotes and all.
  if (local.find_first_of("%!\"\\:") != std::string::npos) return std::nullopt;
  ForwardPath rerouted{
      .address = local + "%" + domain->text() + "@" + route.text(),
      .args = path.args};
  if (rerouted.address.size() > kLongest) return std::nullopt;
  const bool has_orcpt = std::any_of(
      path.args.begin(), path.args.end(), [](const std::string& argument) {
        return StartsWithIgnoreCase(argument, "ORCPT=");
      });
  if (!has_orcpt)
    rerouted.args.push_back("ORCPT=rfc822;" + Xtext(path.address));
  return rerouted;
}

}  // namespace postern
