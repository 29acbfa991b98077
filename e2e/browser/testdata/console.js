console.error('so nicht')
