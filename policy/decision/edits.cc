#include "policy/decision/edits.h"

#include <algorithm>
#include <map>

#include "policy/base/text.h"
#include "policy/message/reroute.h"

namespace postern {
namespace {

struct IgnoreCase {
  bool operator()(std::string_view a, std::string_view b) const {
    return std::lexicographical_compare(
        a.begin(), a.end(), b.begin(), b.end(),
        [](char x, char y) { return ToLower(x) < ToLower(y); });
  }
};
// The fields of one name, by origin.
using Fields = std::map<std::size_t, const HeaderField*>;
using ByName = std::map<std::string_view, Fields, IgnoreCase>;

ByName Kept(const Header& header) {
  ByName kept;
  for (const HeaderField& field : header.fields())
    if (field.origin > 0) kept[field.name][field.origin] = &field;
  return kept;
}

void AddReplacements(const ByName& received, const ByName& mended,
                     std::vector<Edit>* edits) {
  for (const auto& [name, fields] : mended) {
    const Fields& before = received.at(name);
    for (const auto& [origin, field] : fields)
      if (field->value != before.at(origin)->value)
        edits->push_back(SetHeader{field->name, origin, field->value});
  }
}

// From the highest index down: Postfix renumbers the fields of a name after
// each deletion, Sendmail does not.
void AddDeletions(const ByName& received, const ByName& mended,
                  std::vector<Edit>* edits) {
  for (const auto& [name, fields] : received) {
    const auto after = mended.find(name);
    for (auto it = fields.rbegin(); it != fields.rend(); ++it) {
      if (after != mended.end() && after->second.contains(it->first)) continue;
      edits->push_back(DeleteHeader{it->second->name, it->first});
    }
  }
}

// A field that we add goes after those of its name that stay.
void AddAdditions(const Header& mended, std::vector<Edit>* edits) {
  std::map<std::string_view, std::size_t, IgnoreCase> count;
  for (const HeaderField& field : mended.fields())
    if (field.origin > 0) ++count[field.name];
  for (const HeaderField& field : mended.fields())
    if (field.origin == 0)
      edits->push_back(SetHeader{field.name, ++count[field.name], field.value});
}

}  // namespace

std::vector<Edit> EditsBetween(const Message& received, const Message& mended) {
  std::vector<Edit> edits;
  if (received.envelope.mail_from != mended.envelope.mail_from)
    edits.push_back(ChangeSender{mended.envelope.mail_from});
  // Copies share their fields until one is changed.
  if (&received.header.fields() != &mended.header.fields()) {
    const ByName before = Kept(received.header);
    const ByName after = Kept(mended.header);
    AddReplacements(before, after, &edits);
    AddDeletions(before, after, &edits);
    AddAdditions(mended.header, &edits);
  }
  const std::string_view old_body = received.body.bytes();
  const std::string_view new_body = mended.body.bytes();
  const bool is_same = old_body.data() == new_body.data()
                           ? old_body.size() == new_body.size()
                           : old_body == new_body;
  if (!is_same) edits.push_back(ReplaceBody{mended.body});
  return edits;
}

std::vector<Edit> EditsForRoute(
    const Message& message, const std::vector<EgressRoute>& routes,
    const std::vector<std::string>& held_recipients) {
  std::vector<Edit> edits;
  const auto route = std::find_if(
      routes.begin(), routes.end(), [&](const EgressRoute& candidate) {
        return candidate.name == message.egress_route;
      });
  if (route == routes.end() || !route->recipient_domain) return edits;
  std::vector<Edit> deletions;
  for (const ForwardPath& path : message.envelope.recipients) {
    const bool is_held =
        std::find(held_recipients.begin(), held_recipients.end(),
                  path.address) != held_recipients.end();
    const auto rerouted = Rerouted(path, *route->recipient_domain);
    if (is_held || !rerouted) continue;
    edits.push_back(AddRecipient{*rerouted});
    deletions.push_back(DeleteRecipient{path.address});
  }
  edits.insert(edits.end(), deletions.begin(), deletions.end());
  return edits;
}

}  // namespace postern
