// What we read of each URL of standard input, a line each in hexadecimal:
// scheme, host, port, userinfo, query, fragment, or "refused". What
// node_agrees_on_urls.mjs holds against Node's.

#include <iostream>
#include <string>

#include "policy/message/url.h"

namespace postern {
namespace {

std::string FromHex(const std::string& text) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    octets += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return octets;
}

std::string ToHex(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

std::string Line(const std::string& text) {
  const std::optional<Url> url = ParseUrl(text);
  if (!url) return "refused";
  const bool is_v6 = url->host_kind == Url::HostKind::kIpv6;
  return ToHex(url->scheme) + "\t" +
         ToHex(is_v6 ? "[" + url->host + "]" : url->host) + "\t" +
         (url->port ? std::to_string(*url->port) : "") + "\t" +
         ToHex(url->userinfo) + "\t" + ToHex(url->query()) + "\t" +
         ToHex(url->fragment());
}

}  // namespace
}  // namespace postern

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << postern::Line(postern::FromHex(line)) << '\n';
}
