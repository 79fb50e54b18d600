/// Small pictures in SVG; each stands beside the numbers that it shows, so that nobody needs to see it.
enum Picture {
  /// How much of a whole, as a bar; a second part is drawn over the first.
  static func bar(_ parts: [(amount: Int64, tone: String)], of whole: Int64) -> Node {
    el(
      "svg", .class("bar"), Attribute("viewBox", "0 0 100 10"), Attribute("preserveAspectRatio", "none"), .isHidden,
      Attribute("focusable", "false")
    ) {
      rectangle(x: 0, width: 100, tone: "track")
      parts.map { part in rectangle(x: 0, width: share(part.amount, of: whole), tone: part.tone) }
    }
  }

  private static func rectangle(x: Double, width: Double, tone: String) -> Node {
    el(
      "rect", .class(tone), Attribute("x", text(x)), Attribute("y", "0"), Attribute("width", text(width)),
      Attribute("height", "10"))
  }

  /// A stage of a funnel: as high at its left as this amount, at its right as the next one.
  static func stage(_ amount: Int64, next: Int64, of whole: Int64) -> Node {
    let left = max(share(amount, of: whole) * 0.46, amount > 0 ? 1.5 : 0.4)
    let right = max(share(next, of: whole) * 0.46, next > 0 ? 1.5 : 0.4)
    let points = "0,\(text(50 - left)) 100,\(text(50 - right)) 100,\(text(50 + right)) 0,\(text(50 + left))"
    return el(
      "svg", .class("stage"), Attribute("viewBox", "0 0 100 100"), Attribute("preserveAspectRatio", "none"),
      .isHidden, Attribute("focusable", "false")
    ) { el("polygon", Attribute("points", points)) }
  }

  /// Values over time, from the first to the last, from zero to the highest.
  static func sparkline(_ values: [Int64]) -> Node {
    let highest = Double(values.max() ?? 0)
    let step = values.count > 1 ? 200 / Double(values.count - 1) : 0
    let points = values.enumerated().map { position, value in
      "\(text(Double(position) * step)),\(text(highest > 0 ? 38 - 36 * Double(value) / highest : 38))"
    }
    return el(
      "svg", .class("spark"), Attribute("viewBox", "0 0 200 40"), Attribute("preserveAspectRatio", "none"), .isHidden,
      Attribute("focusable", "false")
    ) {
      el("polygon", Attribute("points", (["0,40"] + points + ["200,40"]).joined(separator: " ")))
      el("polyline", Attribute("points", points.joined(separator: " ")))
    }
  }

  /// Of a hundred.
  private static func share(_ part: Int64, of whole: Int64) -> Double {
    whole > 0 ? min(100, 100 * Double(max(part, 0)) / Double(whole)) : 0
  }

  /// With two digits after the point, as SVG reads it.
  private static func text(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = abs(hundredths % 100)
    return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
