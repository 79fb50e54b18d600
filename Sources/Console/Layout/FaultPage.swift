import HTTPTypes

/// A page that says what went wrong, and what to do.
struct FaultPage {
  let words: Words
  let fault: PageFault

  var root: Node {
    let title = words.code("fault", fault.code + ".title")
    return Shell(words: words, title: title).openRoot {
      el("div", .class("fault")) {
        el("p", .class("above")) { String(fault.status.code) }
        el("h1") { title }
        fault.detail.map { detail in el("p") { foreign(detail) } }
        el("p") { words.code("fault", fault.code + ".text") }
        el("p") { link(Target()) { words("fault.home") } }
      }
    }
  }
}
