#include "tests/support/gumbo_links.h"

#include <gumbo.h>

#include <algorithm>
#include <csetjmp>
#include <cstdlib>
#include <ctime>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024 * 1024;
constexpr double kMostSeconds = 0.1;

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) / 1e9;
}

// What gumbo allocates; dropped as a whole.
class Arena {
 public:
  Arena() = default;
  ~Arena() {
    for (void* block : blocks_) std::free(block);
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* Allocate(std::size_t size) {
    size = (size + 15) & ~std::size_t{15};
    taken_ += size;
    const bool is_late = (++count_ & 63) == 0 && CpuSeconds() > end_;
    if (taken_ > kMostBytes || is_late) std::longjmp(over_budget, 1);
    if (size > left_) {
      left_ = std::max(size, std::size_t{1} << 18);
      blocks_.push_back(std::malloc(left_));
      next_ = static_cast<char*>(blocks_.back());
    }
    void* const memory = next_;
    next_ += size;
    left_ -= size;
    return memory;
  }

  std::jmp_buf over_budget;

 private:
  std::vector<void*> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0, taken_ = 0;
  unsigned count_ = 0;
  const double end_ = CpuSeconds() + kMostSeconds;
};

const GumboOutput* Parse(std::string_view html, Arena* arena) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = [](void* userdata, std::size_t size) {
    return static_cast<Arena*>(userdata)->Allocate(size);
  };
  options.deallocator = [](void*, void*) {};
  options.userdata = arena;
  options.max_errors = 0;
  if (setjmp(arena->over_budget) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html.data(), html.size());
}

bool LeadsSomewhere(const GumboElement& element, std::string_view name) {
  for (const char* source :
       {"src", "lowsrc", "dynsrc", "poster", "background", "formaction"})
    if (name == source) return true;
  if (name == "action") return element.tag == GUMBO_TAG_FORM;
  if (name == "data") return element.tag == GUMBO_TAG_OBJECT;
  if (name != "href") return false;
  return element.tag == GUMBO_TAG_A || element.tag == GUMBO_TAG_AREA ||
         element.tag == GUMBO_TAG_LINK ||
         // In SVG and MathML everything but <base>, which is nothing there.
         (element.tag_namespace != GUMBO_NAMESPACE_HTML &&
          element.tag != GUMBO_TAG_BASE);
}

void Take(const GumboElement& element, std::vector<std::string>* links) {
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto* attribute =
        static_cast<const GumboAttribute*>(element.attributes.data[i]);
    if (!LeadsSomewhere(element, attribute->name)) continue;
    std::string url = attribute->value;
    std::erase_if(url,
                  [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    const auto is_c0 = [](char c) {
      return static_cast<unsigned char>(c) <= ' ';
    };
    const auto begin = std::find_if_not(url.begin(), url.end(), is_c0);
    const auto end = std::find_if_not(url.rbegin(), url.rend(), is_c0).base();
    if (begin < end) links->emplace_back(begin, end);
  }
}

}  // namespace

std::optional<std::vector<std::string>> GumboLinks(std::string_view html) {
  Arena arena;
  const GumboOutput* const output = Parse(html, &arena);
  if (output == nullptr) return std::nullopt;
  std::vector<std::string> links;
  std::vector<const GumboNode*> open = {output->document};
  while (!open.empty()) {
    const GumboNode* const node = open.back();
    open.pop_back();
    const GumboVector* children = nullptr;
    if (node->type == GUMBO_NODE_DOCUMENT) {
      children = &node->v.document.children;
    } else if (node->type == GUMBO_NODE_ELEMENT ||
               node->type == GUMBO_NODE_TEMPLATE) {
      Take(node->v.element, &links);
      children = &node->v.element.children;
    }
    for (unsigned i = 0; children != nullptr && i < children->length; ++i)
      open.push_back(static_cast<const GumboNode*>(children->data[i]));
  }
  return links;
}

}  // namespace postern
