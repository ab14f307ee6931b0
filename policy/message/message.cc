#include "policy/message/message.h"

#include <optional>
#include <utility>

#include "policy/base/text.h"

namespace postern {
namespace {

// The next line without its ending, and the octets that it took.
struct Line {
  std::string_view text;
  std::size_t taken = 0;
};

Line FirstLine(std::string_view octets) {
  const std::size_t lf = octets.find('\n');
  if (lf == std::string_view::npos) return {octets, octets.size()};
  const std::size_t end = lf > 0 && octets[lf - 1] == '\r' ? lf - 1 : lf;
  return {octets.substr(0, end), lf + 1};
}

// RFC 5322 s.2.2: printable US-ASCII but the colon. Space before the colon is
// obsolete syntax (s.4.5) that MTAs take; a line with anything else there is
// body text to Postfix and Sendmail alike.
std::optional<std::size_t> ColonOf(std::string_view line) {
  std::size_t i = 0;
  while (i < line.size() && line[i] > ' ' && line[i] < 0x7f && line[i] != ':')
    ++i;
  if (i == 0) return std::nullopt;
  while (i < line.size() && IsBlank(line[i])) ++i;
  if (i == line.size() || line[i] != ':') return std::nullopt;
  return i;
}

}  // namespace

ParsedOctets ParseOctets(std::string_view octets) {
  Header header;
  std::string name, value;
  if (const Line first = FirstLine(octets);  // an mbox separator
      first.text.starts_with("From ") && !ColonOf(first.text))
    octets.remove_prefix(first.taken);
  while (!octets.empty()) {
    const Line line = FirstLine(octets);
    if (!name.empty() && !line.text.empty() && IsBlank(line.text[0])) {
      value += '\n';
      value += line.text;
    } else {
      if (!name.empty()) header.Receive(std::move(name), std::move(value));
      name.clear();
      value.clear();
      const std::optional<std::size_t> colon = ColonOf(line.text);
      if (line.text.empty()) octets.remove_prefix(line.taken);
      if (!colon) break;
      name = Trim(line.text.substr(0, *colon));
      value = line.text.substr(*colon + 1);
    }
    octets.remove_prefix(line.taken);
  }
  if (!name.empty()) header.Receive(std::move(name), std::move(value));
  return {std::move(header), Body::FromString(std::string(octets))};
}

std::string ToOctets(const Header& header, const Body& body) {
  std::string octets;
  octets.reserve(body.size() + 256 * header.fields().size() + 2);
  for (const HeaderField& field : header.fields()) {
    octets += field.name;
    octets += ':';
    for (const char c : field.value) {
      if (c == '\n' && octets.back() != '\r') octets += '\r';
      octets += c;
    }
    octets += "\r\n";
  }
  octets += "\r\n";
  octets += body.bytes();
  return octets;
}

}  // namespace postern
