// The outline of a voice: heights from 1 to 32, a bar each.
export function draw(svg, heights) {
  svg.setAttribute("viewBox", `0 0 ${heights.length * 4} 32`);
  svg.replaceChildren(...heights.map((height, index) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const values = { x: index * 4, y: (32 - height) / 2, width: 2.4, height, rx: 1.2 };
    for (const [name, value] of Object.entries(values)) bar.setAttribute(name, value);
    return bar;
  }));
}
