document.getElementById('slow')?.addEventListener('click', async () => {
  const answer = await fetch('/slow')
  document.getElementById('answer').textContent = await answer.text()
})
document.getElementById('sure')?.addEventListener('click', () => {
  if (confirm('真的删除？')) document.getElementById('answer').textContent = '已删除'
})
document.getElementById('note')?.addEventListener('paste', event => {
  event.preventDefault()
  event.target.textContent = '净：' + event.clipboardData.getData('text/html').replace(/<[^>]*>/g, '')
})
