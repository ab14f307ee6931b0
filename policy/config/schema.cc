// Finding one's way in the table of options.
#include <algorithm>

#include "policy/config/options.h"

namespace postern {

std::string_view ParentOf(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view()
                                       : path.substr(0, dot);
}

std::string_view LeafOf(std::string_view path) {
  return path.substr(path.rfind('.') + 1);  // npos + 1 is 0
}

const Option* FindOption(const Schema& schema, std::string_view path) {
  const auto found = std::ranges::find(schema.options, path, &Option::path);
  return found == schema.options.end() ? nullptr : &*found;
}

const Group* FindGroup(const Schema& schema, std::string_view path) {
  const auto found = std::ranges::find_if(schema.groups, [&](const Group& g) {
    if (!g.path.starts_with(path)) return false;
    const std::string_view mark = g.path.substr(path.size());
    return mark == "[]" ||
           (mark.starts_with(".<") && mark.find('>') + 1 == mark.size());
  });
  return found == schema.groups.end() ? nullptr : &*found;
}

std::vector<std::string> ChildrenOf(const Schema& schema,
                                    std::string_view path) {
  std::vector<std::string> children;
  const auto add = [&](std::string_view pattern) {
    if (!path.empty()) {
      if (!pattern.starts_with(path) || pattern.size() == path.size()) return;
      pattern.remove_prefix(path.size());
      if (!pattern.starts_with('.')) return;
      pattern.remove_prefix(1);
    }
    std::string child(pattern.substr(0, pattern.find_first_of(".[")));
    const bool is_known = std::ranges::find(children, child) != children.end();
    if (!child.starts_with('<') && !is_known) children.push_back(child);
  };
  for (const Option& option : schema.options) add(option.path);
  return children;
}

}  // namespace postern
