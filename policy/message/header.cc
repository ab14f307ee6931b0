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

void Header::Receive(std::string name, std::string value) {
  const std::size_t origin = ++received_[ToLower(name)];
  fields_.push_back({std::move(name), std::move(value), origin});
}

std::size_t Header::Count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields_.begin(), fields_.end(), [name](const HeaderField& field) {
        return EqualsIgnoreCase(field.name, name);
      }));
}

const HeaderField* Header::Find(std::string_view name) const {
  const std::size_t position = PositionOf(fields_, name, 0);
  return position < fields_.size() ? &fields_[position] : nullptr;
}

std::vector<const HeaderField*> Header::FindAll(std::string_view name) const {
  std::vector<const HeaderField*> found;
  for (const HeaderField& field : fields_)
    if (EqualsIgnoreCase(field.name, name)) found.push_back(&field);
  return found;
}

void Header::Set(std::string_view name, std::string_view text) {
  if (Find(name) == nullptr) return Append(name, text);
  SetNth(name, 0, text);
}

void Header::SetNth(std::string_view name, std::size_t index,
                    std::string_view text) {
  const std::size_t position = PositionOf(fields_, name, index);
  if (position == fields_.size()) return;
  fields_[position].value = WithLeadingSpace(text);
}

void Header::RemoveNth(std::string_view name, std::size_t index) {
  const std::size_t position = PositionOf(fields_, name, index);
  if (position == fields_.size()) return;
  fields_.erase(std::next(fields_.begin(), static_cast<long>(position)));
}

std::size_t Header::RemoveIf(
    std::string_view name,
    const std::function<bool(const HeaderField&)>& is_unwanted) {
  return std::erase_if(fields_, [&](const HeaderField& field) {
    return EqualsIgnoreCase(field.name, name) && is_unwanted(field);
  });
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
  for (HeaderField& field : fields_) {
    const std::optional<std::string> text = rewritten(field);
    if (!text) continue;
    field.value = WithLeadingSpace(*text);
    ++changed;
  }
  return changed;
}

void Header::Append(std::string_view name, std::string_view text) {
  fields_.push_back(Added(name, text));
}

void Header::Prepend(std::string_view name, std::string_view text) {
  fields_.insert(fields_.begin(), Added(name, text));
}

}  // namespace postern
