#include "policy/message/header.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "policy/base/text.h"

namespace postern {
namespace {

// The position of the index-th field of that name; fields.size(): none.
std::size_t PositionOf(const std::vector<HeaderField>& fields,
                       std::string_view name, std::size_t index) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!EqualsIgnoreCase(fields[i].name, name)) continue;
    if (index == 0) return i;
    --index;
  }
  return fields.size();
}

std::string WithLeadingSpace(std::string_view text) {
  std::string value;
  value.reserve(text.size() + 1);
  value += ' ';
  value += text;
  return value;
}

HeaderField Added(std::string_view name, std::string_view text) {
  return {std::string(name), WithLeadingSpace(text), 0};
}

}  // namespace

std::string HeaderField::Unfolded() const {
  std::string text;
  text.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool is_fold_cr =
        value[i] == '\r' && i + 1 < value.size() && value[i + 1] == '\n';
    if (value[i] != '\n' && !is_fold_cr) text += value[i];
  }
  return std::string(Trim(text));
}

std::size_t HeaderField::LongestLine() const {
  std::size_t longest = 0;
  std::size_t start = 0;
  std::size_t before = name.size() + 1;  // the first line has the name
  for (;;) {
    const std::size_t end = value.find('\n', start);
    const bool is_last = end == std::string::npos;
    const std::size_t stop = is_last ? value.size() : end;
    longest = std::max(longest, before + stop - start);
    if (is_last) return longest;
    start = end + 1;
    before = 0;
  }
}

const std::vector<HeaderField>& Header::fields() const {
  static const std::vector<HeaderField> kNone;
  return shared_ == nullptr ? kNone : shared_->fields;
}

Header::Shared& Header::Own() {
  if (shared_ == nullptr) shared_ = std::make_shared<Shared>();
  if (shared_.use_count() > 1) shared_ = std::make_shared<Shared>(*shared_);
  return *shared_;
}

void Header::Receive(std::string name, std::string value) {
  Shared& own = Own();
  constexpr std::size_t kUsual = 32;
  if (own.fields.empty()) own.fields.reserve(kUsual);
  const std::size_t origin = ++own.received[ToLower(name)];
  own.fields.push_back({std::move(name), std::move(value), origin});
}

std::size_t Header::Count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields(), [name](const HeaderField& field) {
        return EqualsIgnoreCase(field.name, name);
      }));
}

const HeaderField* Header::Find(std::string_view name) const {
  const std::vector<HeaderField>& all = fields();
  const std::size_t position = PositionOf(all, name, 0);
  return position < all.size() ? &all[position] : nullptr;
}

std::vector<const HeaderField*> Header::FindAll(std::string_view name) const {
  std::vector<const HeaderField*> found;
  for (const HeaderField& field : fields())
    if (EqualsIgnoreCase(field.name, name)) found.push_back(&field);
  return found;
}

void Header::Set(std::string_view name, std::string_view text) {
  if (Find(name) == nullptr) return Append(name, text);
  SetNth(name, 0, text);
}

void Header::SetNth(std::string_view name, std::size_t index,
                    std::string_view text) {
  const std::size_t position = PositionOf(fields(), name, index);
  if (position == fields().size()) return;
  Own().fields[position].value = WithLeadingSpace(text);
}

void Header::RemoveNth(std::string_view name, std::size_t index) {
  const std::size_t position = PositionOf(fields(), name, index);
  if (position == fields().size()) return;
  std::vector<HeaderField>& own = Own().fields;
  own.erase(std::next(own.begin(), static_cast<long>(position)));
}

std::size_t Header::RemoveIf(
    std::string_view name,
    const std::function<bool(const HeaderField&)>& is_unwanted) {
  std::vector<std::size_t> unwanted;  // places; most often none
  const std::vector<HeaderField>& all = fields();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (EqualsIgnoreCase(all[i].name, name) && is_unwanted(all[i]))
      unwanted.push_back(i);
  if (unwanted.empty()) return 0;
  std::vector<HeaderField>& own = Own().fields;
  std::size_t kept = unwanted.front(), next = 0;
  for (std::size_t i = kept; i < own.size(); ++i) {
    if (next < unwanted.size() && unwanted[next] == i)
      ++next;
    else
      own[kept++] = std::move(own[i]);
  }
  own.resize(kept);
  return unwanted.size();
}

void Header::RemoveAll(std::string_view name) {
  RemoveIf(name, [](const HeaderField&) { return true; });
}

void Header::KeepFirst(std::string_view name) {
  bool is_first = true;
  RemoveIf(name,
           [&](const HeaderField&) { return !std::exchange(is_first, false); });
}

std::size_t Header::Rewrite(
    const std::function<std::optional<std::string>(const HeaderField&)>&
        rewritten) {
  std::size_t changed = 0;
  for (std::size_t i = 0; i < fields().size(); ++i) {
    const std::optional<std::string> text = rewritten(fields()[i]);
    if (!text) continue;
    Own().fields[i].value = WithLeadingSpace(*text);
    ++changed;
  }
  return changed;
}

void Header::Append(std::string_view name, std::string_view text) {
  Own().fields.push_back(Added(name, text));
}

void Header::Prepend(std::string_view name, std::string_view text) {
  std::vector<HeaderField>& own = Own().fields;
  own.insert(own.begin(), Added(name, text));
}

}  // namespace postern
