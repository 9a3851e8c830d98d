/* Makes Blobs of full buffers: that copies their bytes to another process, for which the page need not wait. */

self.onmessage = ({ data: { place, buffer, length } }) => {
  self.postMessage({ place, buffer, blob: new Blob([new Uint8Array(buffer, 0, length)]) }, { transfer: [buffer] });
};
