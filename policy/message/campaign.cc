#include "policy/message/campaign.h"

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMostOctets = 200;

std::string Squeezed(std::string_view text) {
  std::string squeezed;
  for (const char c : text)
    if (!IsBlank(c)) squeezed += ToLower(c);
  squeezed.resize(std::min(squeezed.size(), kMostOctets));
  return squeezed;
}

}  // namespace

std::string CampaignOf(const Header& header) {
  if (const HeaderField* field = header.Find("Feedback-ID"))
    if (std::string id = Squeezed(field->Unfolded()); !id.empty()) return id;
  const HeaderField* field = header.Find("List-Id");
  if (field == nullptr) return {};
  // RFC 2919 s.3: an optional phrase, then the name between angle brackets.
  const std::string text = field->Unfolded();
  const std::size_t begin = text.find('<'), end = text.rfind('>');
  if (begin == text.npos || end == text.npos || end < begin)
    return Squeezed(text);
  return Squeezed(std::string_view(text).substr(begin + 1, end - begin - 1));
}

}  // namespace postern
