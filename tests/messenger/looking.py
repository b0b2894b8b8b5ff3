"""What any page must hold on any screen: nothing that axe finds, no sideways scroll, no control under
another.
"""

from pathlib import Path

# 1280 × 800 at 200 % is 640 × 400.
SIZES = {
    "small phone": {
        "viewport": {"width": 320, "height": 640},
        "has_touch": True,
        "is_mobile": True,
    },
    "200 %": {"viewport": {"width": 640, "height": 400}},
    "desk": {"viewport": {"width": 1280, "height": 800}},
}
AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  (found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)"""
# A control whose middle is in view must be what a finger there hits.
COVERED = """() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const inView = (element, x, y) => {
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
    for (let up = element.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up), box = up.getBoundingClientRect();
      if (style.overflowX !== "visible" && (x < box.left || x > box.right)) return false;
      if (style.overflowY !== "visible" && (y < box.top || y > box.bottom)) return false;
    }
    return true;
  };
  const modal = document.querySelector("dialog:modal");
  return [...(modal ?? document).querySelectorAll(CONTROLS)].flatMap((control) => {
    if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return [];
    const box = control.getBoundingClientRect();
    if (box.width < 8 || box.height < 8) return []; // for screen readers only
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (!inView(control, x, y)) return [];
    const hit = document.elementFromPoint(x, y);
    const other = hit?.closest(CONTROLS);
    const open = hit?.closest("[role=menu], [data-row-menu], .menu-list, .suggestions"); // lies over the page for now
    if (open && !open.contains(control)) return [];
    if (!other || other === control || other.contains(control) || control.contains(hit)) return [];
    return [`${control.outerHTML.slice(0, 120)} under ${other.outerHTML.slice(0, 120)}`];
  });
}"""
WIDER = (
    "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
)


def faults_of(page):
    """Everything wrong with what the page shows, in words. Where messages were still being put in
    their places under axe's hands, it looks again when the page is quiet.
    """
    if not _faults(page):
        return []
    page.wait_for_load_state("networkidle")
    return _faults(page)


def _faults(page):
    page.evaluate(AXE)
    found = [f"axe {fault}" for fault in page.evaluate(VIOLATIONS)]
    found += [f"covered: {fault}" for fault in page.evaluate(COVERED)]
    if wider := page.evaluate(WIDER):
        found.append(f"scrolls sideways by {wider} px")
    return found


def looks_right(page):
    faults = faults_of(page)
    assert not faults, "\n".join([page.url, *faults])
